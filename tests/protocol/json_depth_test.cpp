#include "protocol/json_depth.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace berth::protocol;

TEST(JsonDepth, CountsListsAndObjectsThatAreOpen) {
  EXPECT_FALSE(is_too_deep("[[{}], {}, [[1]]]", 3));
  EXPECT_TRUE(is_too_deep("[[{}], {}, [[[1]]]]", 3));
  EXPECT_TRUE(is_too_deep(std::string(json_depth_max + 1, '[')));
  EXPECT_FALSE(is_too_deep(std::string(json_depth_max, '{')));
}

TEST(JsonDepth, CountsNothingWithinTexts) {
  EXPECT_FALSE(is_too_deep(R"(["[[[[", "\"[[[[", "\\"])", 1));
  EXPECT_TRUE(is_too_deep(R"(["\\", [1]])", 1));
}

TEST(JsonDepth, BearsWhatIsNoJson) {
  EXPECT_FALSE(is_too_deep("]]]]}}}}\"[[[[", 1));
  EXPECT_FALSE(is_too_deep("\"\\", 1));
  EXPECT_FALSE(is_too_deep("", 0));
}

#include "protocol/nearest.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace berth::protocol;

namespace {

const std::vector<std::string> words{"acquire", "release", "renew", "revoke"};

} // namespace

TEST(Nearest, IsWhatWasMeantByASlip) {
  EXPECT_EQ(nearest("relaese", words), "release");
  EXPECT_EQ(nearest("rnew", words), "renew");
  EXPECT_EQ(nearest("acquires", words), "acquire");
  EXPECT_EQ(nearest("revoke", words), "revoke");
}

TEST(Nearest, IsNothingForAnotherWord) {
  EXPECT_FALSE(nearest("status", words));
  EXPECT_FALSE(nearest("", words));
  EXPECT_FALSE(nearest("renew", {}));
}

TEST(Nearest, IsNotLookedForBesideANameThatNobodyTypes) {
  EXPECT_FALSE(nearest("renew" + std::string(100'000, 'w'), words));
}

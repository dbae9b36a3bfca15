#include "cdp/read_json.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

TEST(ReadJson, TakesWhatIsThere) {
  auto x = read_object(R"({"t":"text","n":2.5,"b":true,"o":{"k":"v"}})");
  EXPECT_EQ(text_in(x, "t"), "text");
  EXPECT_EQ(number_in(x, "n"), 2.5);
  EXPECT_TRUE(is_true_in(x, "b"));
  EXPECT_EQ(text_in(object_in(x, "o"), "k"), "v");
}

TEST(ReadJson, IsNotThrownOffByOtherShapes) {
  for (auto text : {"", "null", "7", "[1]", "\"x\"", "{", "{\"k\":{}}",
                    R"({"k":null})", R"({"k":[]})"}) {
    auto x = read_object(text);
    EXPECT_EQ(text_in(x, "k", "none"), "none") << text;
    EXPECT_EQ(number_in(x, "k"), 0) << text;
    EXPECT_FALSE(is_true_in(x, "k")) << text;
    EXPECT_TRUE(object_in(x, "k").empty()) << text;
  }
  EXPECT_EQ(text_in(nlohmann::json::array(), "k", "none"), "none");
  using namespace std::string_literals;
  EXPECT_TRUE(read_object("{\"k\":1}\0}"s).empty());
}

/// A copy of it would not come back.
TEST(ReadJson, TakesNothingThatIsNestedTooDeeply) {
  std::string deep(100'000, '['), shallow(200, '[');
  for (auto& open : {deep, shallow}) {
    auto text = "{\"o\":{\"k\":" + open + std::string(open.size(), ']') + "}}";
    auto inner = object_in(read_object(text), "o");
    EXPECT_EQ(inner.empty(), open.size() > 1000);
    write_json(inner);
  }
}

TEST(ReadJson, WritesWhateverBytesItIsGiven) {
  EXPECT_EQ(write_json({{"path", "a\xff"}}), "{\"path\":\"a\xef\xbf\xbd\"}");
}

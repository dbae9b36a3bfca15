#include "cdp/call_params.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

using namespace berth::cdp;
using berth::protocol::errc;

namespace {

errc code_of(const std::string& text) {
  auto got = read_params(text);
  return got ? errc::ok : got.error().code;
}

std::string nested(size_t depth) {
  return R"({"a":)" + std::string(depth - 1, '[') + "1"
         + std::string(depth - 1, ']') + "}";
}

} // namespace

TEST(CallParams, AreAnObjectOrNothing) {
  EXPECT_EQ(read_params("")->dump(), "{}");
  EXPECT_EQ(read_params(" {\"b\":[1,2.5,null],\"a\":\"\\u00e9\"} ")->dump(),
            R"({"a":"é","b":[1,2.5,null]})");
  for (auto text :
       {"[]", "1", "null", "\"x\"", "true", "{", "{}x", "{},{}", "{\"a\":}",
        "{'a':1}", "{}\"", "{\"a\":1}}", "[{}]", "{\"a\":\"\xff\"}",
        "{\"a\":\"\\ud800\"}", "{\"a\":1e999}", "{\"a\":NaN}", "// {}"})
    EXPECT_EQ(code_of(text), errc::invalid_argument) << text;
  EXPECT_EQ(code_of({"{\"a\":1}\0{}", 10}), errc::invalid_argument);
}

TEST(CallParams, HaveNoKeyTwice) {
  for (auto text : {R"({"url":"http://x/","url":"file:///etc/shadow"})",
                    R"({"url":"http://x/","\u0075rl":"file:///etc/shadow"})",
                    R"({"a":[{"b":{"c":1,"c":1}}]})", R"({"":1,"":2})"})
    EXPECT_EQ(code_of(text), errc::invalid_argument) << text;
  EXPECT_EQ(code_of(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"), errc::ok);
}

TEST(CallParams, AreWrittenAsTheyWereRead) {
  EXPECT_EQ(read_params(R"({"\u0075rl":"a\u002fb"})")->dump(),
            R"({"url":"a/b"})");
}

TEST(CallParams, AreBounded) {
  EXPECT_EQ(code_of(nested(params_depth_max)), errc::ok);
  EXPECT_EQ(code_of(nested(params_depth_max + 1)), errc::too_large);
  EXPECT_EQ(code_of(nested(1000000)), errc::too_large);
  std::string many = R"({"a":[1)";
  for (size_t i = 3; i < params_values_max; ++i)
    many += ",1";
  EXPECT_EQ(code_of(many + "]}"), errc::ok);
  EXPECT_EQ(code_of(many + ",1]}"), errc::too_large);
}

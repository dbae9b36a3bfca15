#include "cdp/message.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

using namespace berth::cdp;

TEST(Message, QuotesWhateverItIsGiven) {
  EXPECT_EQ(quote("a\"b\\c\n"), R"("a\"b\\c\n")");
  EXPECT_EQ(quote("\xff"), "\"\xef\xbf\xbd\"");
}

/// However plain and other text follow each other, it is what the library
/// would make of the whole.
TEST(Message, QuotesTextOfAnyMixture) {
  const std::string plain(100, 'p');
  const std::vector<std::string> parts{plain,      "\"",
                                       "short",    "\n",
                                       "\xc3\xa4", "\xf0\x9f\x98\x80",
                                       "\xc3",     std::string(1, '\0'),
                                       "\x7f",     std::string(63, 'q')};
  std::mt19937 draw{1};
  for (int count = 0; count < 2000; ++count) {
    std::string text;
    for (auto left = draw() % 8; left > 0; --left)
      text += parts[draw() % parts.size()];
    ASSERT_EQ(quote(text),
              nlohmann::json(text).dump(
                -1, ' ', false, nlohmann::json::error_handler_t::replace))
      << count;
  }
}

TEST(Message, IsWrittenWithWhatThereIs) {
  EXPECT_EQ(write_command(1, "A.b", "", ""), R"({"id":1,"method":"A.b"})");
  EXPECT_EQ(write_command(2, "A.b", "{}", "S"),
            R"({"id":2,"method":"A.b","params":{},"sessionId":"S"})");
}

TEST(Message, EscapesWhatIsNoPlainName) {
  EXPECT_EQ(write_command(1, R"(A.b","method":"Browser.close)", "", "S\"\n"),
            R"({"id":1,"method":"A.b\",\"method\":\"Browser.close",)"
            R"("sessionId":"S\"\n"})");
}

TEST(Message, ReadsWhyChromeRefused) {
  auto x = read_error(R"({"code":-32000,"message":"No","data":"because"})");
  EXPECT_EQ(x.code, -32000);
  EXPECT_EQ(x.message, "No: because");
  EXPECT_EQ(read_error("garbage").code, 0);
}

TEST(Message, ReadsATextField) {
  EXPECT_EQ(read_text_field(R"({"a":"b"})", "a"), "b");
  EXPECT_EQ(read_text_field(R"({"a":1})", "a"), "");
  EXPECT_EQ(read_text_field("garbage", "a"), "");
}

TEST(Message, ReadsWhatAnExpressionCameTo) {
  auto value = [](const char* text) {
    return read_evaluation(text).value;
  };
  EXPECT_EQ(value(R"({"result":{"type":"number","value":42}})"), "42");
  EXPECT_EQ(value(R"({"result":{"type":"object","value":{"a":[1]}}})"),
            R"({"a":[1]})");
  EXPECT_EQ(value(R"({"result":{"type":"undefined"}})"), "null");
  EXPECT_EQ(
    value(R"({"result":{"type":"number","unserializableValue":"NaN"}})"),
    "\"NaN\"");
  EXPECT_EQ(value("garbage"), "null");
  EXPECT_EQ(read_evaluation(R"({"result":{"objectId":"7.1"}})").object, "7.1");
}

TEST(Message, ReadsWhatWasThrown) {
  auto thrown = [](const char* text) {
    return read_evaluation(text).exception;
  };
  EXPECT_EQ(thrown(R"({"result":{},"exceptionDetails":{"text":"Uncaught",)"
                   R"("exception":{"description":"Error: no\n at x"}}})"),
            "Error: no\n at x");
  EXPECT_EQ(thrown(R"({"exceptionDetails":{"text":"Uncaught",)"
                   R"("exception":{"type":"string","value":"no"}}})"),
            "\"no\"");
  EXPECT_NE(thrown(R"({"exceptionDetails":{}})"), "");
}

/// The first field that is looked for finds that; the next must bear it.
TEST(Message, ReadNothingTwiceFromABrokenText) {
  for (auto text :
       {R"({"id" : 12 , "result" : [ 1 , "a\"b" , { } ] , "result" : [ 1 )",
        R"({"exceptionDetails": [1, {"a": )", R"({"a": "\ud800, "result": {}})",
        R"({"exceptionDetails": {"text": 1, "exception": {"value": [1, ]]}}})",
        R"({"result": {"objectId": tru, "value": 1}})", R"({"a": 1 "b"})"}) {
    read_evaluation(text);
    read_text_field(text, "url");
  }
  EXPECT_EQ(read_evaluation(R"({"a": [1}, "result": {"value": 1}})").exception,
            "");
}

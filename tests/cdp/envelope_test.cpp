#include "cdp/envelope.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;

TEST(Envelope, TellsAnAnswerFromAnEvent) {
  frame answer{R"({"id":7,"result":{"x":1},"sessionId":"S"})"};
  EXPECT_TRUE(answer.head.is_answer());
  EXPECT_EQ(answer.head.id, 7u);
  EXPECT_EQ(answer.head.session, "S");
  EXPECT_EQ(answer.head.result, R"({"x":1})");
  frame event{R"({"method":"Page.x","params":{"y":[]}})"};
  EXPECT_TRUE(event.head.is_event());
  EXPECT_EQ(event.head.params, R"({"y":[]})");
  EXPECT_EQ(event.head.session, "");
}

TEST(Envelope, StepsOverBracesAndQuotesInStrings) {
  frame x{R"({"result":{"a":"}{\"]\\","b":[{"c":"\\\\"}]},"id":3})"};
  EXPECT_TRUE(x.readable);
  EXPECT_EQ(x.head.id, 3u);
  EXPECT_EQ(x.head.result, R"({"a":"}{\"]\\","b":[{"c":"\\\\"}]})");
}

TEST(Envelope, ReadsItsKeysInAnyOrderAndWithBlanks) {
  frame x{
    " { \"sessionId\" : \"A\" ,\n\"error\" : {\"code\":-1} , \"id\":1 } "};
  EXPECT_TRUE(x.readable);
  EXPECT_EQ(x.head.session, "A");
  EXPECT_EQ(x.head.error, R"({"code":-1})");
}

TEST(Envelope, RefusesATextThatEndsTooEarlyWhereverThatIs) {
  std::string whole = R"({"id":12,"result":{"a":["b",{}]},"sessionId":"S"})";
  for (size_t size = 0; size < whole.size(); ++size) {
    frame x{whole.substr(0, size)};
    EXPECT_FALSE(x.readable) << x.text;
    EXPECT_EQ(x.head.id, 0u);
  }
}

TEST(Envelope, RefusesWhatIsNotOneObjectOfTheRightKinds) {
  for (auto text : {"", "[]", "1", "{}x", R"({"id":"7"})", R"({"method":7})",
                    R"({"method":"a\nb"})", R"({"id":1}{"id":2})", "{1:2}"})
    EXPECT_FALSE(frame{text}.readable) << text;
}

TEST(Envelope, TakesANegativeIdForNobodys) {
  frame x{R"({"id":-5,"result":{}})"};
  EXPECT_TRUE(x.readable);
  EXPECT_EQ(x.head.id, 0u);
  EXPECT_FALSE(x.head.is_answer());
}

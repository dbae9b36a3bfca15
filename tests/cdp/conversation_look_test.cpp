#include "cdp/conversation_look.hpp"

#include <gtest/gtest.h>

using namespace berth::cdp;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

const std::string whole
  = R"({"of":"7","turns":4,"at":2,"length":5,"hash":9007199254740991,)"
    R"("done":true,"stop":false,"thinking":false,"composer":true,)"
    R"("typed":false,"trouble":"","words":"","url":"https://a/c/1",)"
    R"("title":"Talk","fresh":true})";

page_look troubled(page_trouble kind, std::string words) {
  page_look result;
  result.trouble = kind;
  result.words = std::move(words);
  return result;
}

} // namespace

TEST(ConversationLook, IsReadAsTheScriptTellsIt) {
  auto x = read_look(whole);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->of, "7");
  EXPECT_EQ(x->turns, 4u);
  EXPECT_EQ(x->at, 2);
  look expected;
  expected.length = 5;
  expected.hash = 9007199254740991u;
  expected.done = true;
  EXPECT_EQ(x->answer, expected);
  EXPECT_TRUE(x->fresh);
  EXPECT_TRUE(x->composer);
  EXPECT_FALSE(x->typed);
  EXPECT_FALSE(x->works());
  EXPECT_EQ(x->trouble, page_trouble::none);
  EXPECT_EQ(x->url, "https://a/c/1");
  EXPECT_EQ(x->title, "Talk");
}

TEST(ConversationLook, IsNoneOfAnOrderThatNobodyGave) {
  for (auto text :
       {"", "null", "{}", "[1]", R"({"of":7})", R"({"of":""})", "{"})
    EXPECT_FALSE(read_look(text)) << text;
}

TEST(ConversationLook, IsReadWithoutTrust) {
  auto x = read_look(R"({"of":"1","turns":-3,"at":1e300,"length":"long",)"
                     R"("hash":-1,"done":1,"trouble":{},"url":[]})");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->turns, 0u);
  EXPECT_EQ(x->at, -1);
  EXPECT_EQ(x->answer, look{});
  EXPECT_EQ(x->trouble, page_trouble::none);
  EXPECT_EQ(x->url, "");
  // A turn that is not among them.
  EXPECT_EQ(read_look(R"({"of":"1","turns":2,"at":2})")->at, -1);
}

TEST(ConversationLook, TurnsTroubleIntoAFailure) {
  provider_profile at;
  at.name = "a";
  auto login = explain(troubled(page_trouble::login, "Log in"), at);
  EXPECT_EQ(login.code, errc::login_required);
  EXPECT_EQ(login.what, "a asks for a login: Log in");
  EXPECT_EQ(explain(troubled(page_trouble::interstitial, ""), at).code,
            errc::interstitial);
  auto limited = explain(troubled(page_trouble::rate_limit, ""), at);
  EXPECT_EQ(limited.code, errc::rate_limited);
  EXPECT_EQ(limited.retry_after, at.retry_after);
  limited = explain(troubled(page_trouble::rate_limit, "Back in 2 min."), at);
  EXPECT_EQ(limited.retry_after, 2min);
}

TEST(ConversationLook, ReadsHowLongToWait) {
  EXPECT_EQ(read_retry("Try again in 5 minutes."), 5min);
  EXPECT_EQ(read_retry("30seconds"), 30s);
  EXPECT_EQ(read_retry("You have 40 left; 3 hours to go"), 3h);
  for (auto words : {"", "soon", "7", "0 minutes", "99999999999 hours", "5 m"})
    EXPECT_FALSE(read_retry(words)) << words;
}

TEST(ConversationLook, TakesNoOtherTextForTheAnswer) {
  page_look seen;
  seen.of = "7";
  seen.answer.hash = 5;
  EXPECT_EQ(read_answer_text(R"({"of":"7","hash":5,"text":"hi"})", seen), "hi");
  for (auto other :
       {R"({"of":"7","hash":6,"text":"hi"})",
        R"({"of":"8","hash":5,"text":"hi"})",
        R"({"of":"7","hash":5,"text":""})", R"({"of":"7","hash":5})", "null"})
    EXPECT_FALSE(read_answer_text(other, seen)) << other;
}

TEST(ConversationLook, TellsPagesApart) {
  EXPECT_TRUE(same_page("https://a/", "https://a"));
  EXPECT_TRUE(same_page("https://a/c#x", "https://a/c"));
  EXPECT_FALSE(same_page("https://a/c?x", "https://a/c"));
}

// Conversations of many agents with a real site on a real Chromium.

#include "tests/e2e/talk_test.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>

using namespace berth;
using namespace berth::tests;
using apps::fixture::fate;

namespace {

class Sessions : public talk_test {
protected:
  /// How often each prompt was taken by the site.
  std::map<std::string, size_t> taken() const {
    std::map<std::string, size_t> result;
    for (const auto& x : site.log())
      if (x.result == fate::taken)
        ++result[x.what.text];
    return result;
  }
};

} // namespace

TEST_F(Sessions, AnswerOneAfterTheOtherInTheirConversation) {
  auto where = open();
  std::string url;
  for (std::string prompt : {"stream 30 every 20; pause 700; stream 5",
                             "stream 3; think 900; say well"}) {
    auto mine = query(where, prompt);
    EXPECT_TRUE(is_own(mine, prompt));
    if (mine && url.empty())
      url = mine->url;
    EXPECT_TRUE(mine && mine->url == url);
  }
  EXPECT_TRUE(me.close(where));
}

TEST_F(Sessions, T5_Q6_L6_OfTwelveAgentsWithFiveTabsGetTheirOwnAnswers) {
  constexpr size_t agents = 12, turns = 17;
  std::atomic<size_t> wrong{0};
  together(agents, [&](size_t i) {
    auto agent = berth.connect("agent " + std::to_string(i));
    auto opened = agent.open_session("fixture");
    if (!opened) {
      ++wrong;
      return;
    }
    for (size_t turn = 0; turn < turns; ++turn) {
      auto prompt = "say " + std::to_string(i) + "/" + std::to_string(turn)
                    + "; think 100; stream 8 every 10";
      auto mine = is_own(query(agent, opened->session, prompt), prompt);
      EXPECT_TRUE(mine);
      wrong += !mine;
    }
    wrong += !agent.close(opened->session);
  });
  EXPECT_EQ(wrong, 0u);
  auto prompts = taken();
  EXPECT_EQ(prompts.size(), agents * turns);
  for (const auto& [text, times] : prompts)
    EXPECT_EQ(times, 1u) << text;
}

TEST_F(Sessions, T4_KeepTheirAnswerForWhoComesLater) {
  auto where = open();
  const std::string prompt = "think 1500; stream 20 every 40";
  run_id run;
  {
    auto first = berth.connect("first");
    run = got(first.send(order(where, prompt, wait_until::sent))).run;
  }
  EXPECT_TRUE(is_own(poll(where, run, patience), prompt));
}

TEST_F(Sessions, Q3_AreStoppedInMidAnswer) {
  const std::string next = "say on";
  auto where = open();
  auto mine = begin(where, "stream 2000 every 50");
  ASSERT_TRUE(is_writing(where, mine.run));
  EXPECT_EQ(stop(where, mine.run).state, session_state::interrupted);
  EXPECT_EQ(poll(where, mine.run, patience).state, session_state::interrupted);
  auto after = query(where, next);
  EXPECT_TRUE(is_own(after, next));
  EXPECT_EQ(turns_at(got(after).url),
            (lines{"stopped stream 2000 every 50", "whole " + next}));
}

/// Of another site, and so of another process.
TEST_F(Sessions, AnswerFromFramesOfAnotherSite) {
  auto where = open("framed");
  std::string url;
  for (std::string prompt : {"think 500; stream 30 every 40",
                             "stream 30 every 20; pause 700; stream 5",
                             "stream 3; think 900; say well"}) {
    auto mine = query(where, prompt);
    EXPECT_TRUE(is_own(mine, prompt));
    EXPECT_TRUE(is_writing(where, got(mine).run));
    url = got(mine).url;
  }
  auto tab = me.acquire();
  ASSERT_TRUE(tab) << tab.error().what;
  ASSERT_TRUE(tab->navigate(url));
  EXPECT_TRUE(
    tab->run(wait_for{{},
                      wait_kind::expression,
                      "document.querySelectorAll('iframe').length == 3"
                      " && [...document.querySelectorAll('iframe')]"
                      ".every((x) => x.contentDocument === null)"}));
  auto seen = got(tab->evaluate(
    "document.querySelectorAll('.answer, .thinking, .copy').length"));
  EXPECT_EQ(seen.value, "0");
}

TEST_F(Sessions, Q3_AreStoppedInMidAnswerInAFrame) {
  const std::string next = "say next";
  auto where = open("framed");
  auto mine = begin(where, "stream 5000 every 50");
  ASSERT_TRUE(is_writing(where, mine.run));
  EXPECT_EQ(stop(where).run, mine.run);
  EXPECT_TRUE(is_own(query(where, next), next));
}

// The page side of a session with a page that streams, thinks, pauses, lies
// and dies. What the page does is in its prompts: see conversation.html.

#include "tests/e2e/page_side.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>

using namespace berth;
using namespace berth::tests;

namespace {

/// What the page says when it says so many words.
std::string words(size_t count) {
  std::string result;
  for (size_t i = 0; i < count; ++i)
    result += (i > 0 ? " w" : "w") + std::to_string(i);
  return result;
}

/// How much later than its last word, which is the time, it was told.
duration lateness(const heard_report& x) {
  auto& text = std::get<answer_done>(x.what.what).text;
  auto shown = std::stoll(text.substr(text.find("at=") + 3));
  return x.at.time_since_epoch() - std::chrono::milliseconds{shown};
}

std::vector<duration> measure(bool listens, size_t turns) {
  actors::page_limits most;
  most.listens = listens;
  page_side it{"", most};
  for (size_t i = 0; i < turns; ++i) {
    // Not in step with the looks.
    auto pace = std::to_string(40 + 7 * (i % 9));
    EXPECT_TRUE(it.send("say 20 " + pace + "|clock"));
    EXPECT_NE(it.answer(), "");
  }
  std::vector<duration> result;
  for (const auto& x : it.log.all())
    if (std::holds_alternative<answer_done>(x.what.what))
      result.push_back(lateness(x));
  std::ranges::sort(result);
  return result;
}

} // namespace

TEST(Conversation, TellsTheWholeAnswerAfterAPause) {
  page_side it;
  ASSERT_TRUE(it.send("say 30 10|pause 1500|say 30 10"));
  EXPECT_EQ(it.answer(), words(60));
  EXPECT_GE(it.log.count<answer_seen>(), 2u);
  EXPECT_EQ(it.log.count<answer_done>(), 1u);
  EXPECT_NE(it.address().find("/c/"), std::string::npos);
}

TEST(Conversation, TellsNoPartOfOneThatThinksAgain) {
  page_side it;
  ASSERT_TRUE(it.send("think 300|say 20 10|think 1500|say 20 10"));
  EXPECT_EQ(it.answer(), words(40));
}

/// Neither a stop button nor a marker while it stands still.
TEST(Conversation, HasPatienceWithAPageThatShowsNothing) {
  page_side it;
  ASSERT_TRUE(it.send("say 20 10|bare 3000|say 20 10"));
  EXPECT_EQ(it.answer(), words(40));
}

/// In a frame of another site, and without a look that nobody asked for.
TEST(Conversation, HearsOfAnAnswerInAnotherProcess) {
  actors::page_limits most;
  most.look_every = patience;
  page_side it{"framed", most};
  for (auto prompt : {"say 30 10|pause 1500|say 30 10", "say 60 5"}) {
    ASSERT_TRUE(it.send(prompt));
    EXPECT_EQ(it.answer(), words(60));
    EXPECT_GE(it.log.count<answer_seen>(), 1u);
  }
}

TEST(Conversation, Q6_NeverMixesAnswersToTheSameWords) {
  page_side it;
  for (auto count : {5, 30, 30, 7}) {
    auto prompt = "say " + std::to_string(count) + " 5";
    ASSERT_TRUE(it.send(prompt));
    EXPECT_EQ(it.answer(), words(static_cast<size_t>(count)));
  }
  EXPECT_EQ(it.leases().size(), 1u);
}

TEST(Conversation, KeepsTheLinesOfAPrompt) {
  for (auto kind : {"", "rich"}) {
    page_side it{kind};
    ASSERT_TRUE(it.send("say 3 1\nsecond \"line\"\n\nfourth <b>&amp; \u00e9"));
    EXPECT_EQ(it.answer(), words(3)) << kind;
  }
}

TEST(Conversation, ChoosesAModelAndAttachesFiles) {
  page_side it;
  scratch_dir files;
  auto note = files.path() + "/note";
  std::ofstream{note} << "text";
  it.begin({"say 3 1", {note}, "fast", ""});
  ASSERT_TRUE(it.hear<prompt_seen>());
  EXPECT_EQ(it.answer(), words(3) + " note (fast)");
  it.begin({"say 3 1", {note + "2"}, "", ""});
  EXPECT_EQ(it.hear<page_failed>()->why.code, errc::invalid_argument);
  it.begin({"say 3 1", {}, "slow", ""});
  EXPECT_EQ(it.hear<page_failed>()->why.code, errc::invalid_argument);
}

TEST(Conversation, Q3_StopsInThePage) {
  page_side it;
  ASSERT_TRUE(it.send("say 10000 10"));
  it.act(follow_run{it.run()});
  ASSERT_TRUE(it.hear<answer_seen>());
  it.act(halt_run{it.run()});
  ASSERT_TRUE(it.hear<page_ended>());
  // The next one finds the page free.
  ASSERT_TRUE(it.send("say 4 1"));
  EXPECT_EQ(it.answer(), words(4));
}

TEST(Conversation, Q3_StopsBeforeThePromptIsSent) {
  page_side it;
  it.begin({"say 3 1", {}, {}, {}});
  it.act(halt_run{it.run()});
  ASSERT_TRUE(it.hear<page_ended>());
  ASSERT_TRUE(it.send("say 4 1"));
  EXPECT_EQ(it.answer(), words(4));
}

// T1 recovery
TEST(Conversation, T1_GoesOnInANewTab) {
  page_side it;
  ASSERT_TRUE(it.send("say 200 10"));
  it.act(follow_run{it.run()});
  ASSERT_TRUE(it.hear<answer_seen>());
  it.crash_renderers();
  auto gone = it.hear<tab_gone>();
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->cause, loss_cause::crashed);
  ASSERT_TRUE(it.recover());
  EXPECT_EQ(it.answer(), words(200));
  EXPECT_EQ(it.leases().size(), 1u);
}

TEST(Conversation, T1_FindsThePromptInANewTab) {
  page_side it{"slow"};
  ASSERT_TRUE(it.send("say 5 1"));
  EXPECT_EQ(it.answer(), words(5));
  ASSERT_TRUE(it.send("say 6 1"));
  it.crash_renderers();
  ASSERT_TRUE(it.hear<tab_gone>());
  ASSERT_TRUE(it.recover());
  it.act(confirm_prompt{it.run()});
  ASSERT_TRUE(it.hear<prompt_seen>());
  EXPECT_EQ(it.answer(), words(6));
}

TEST(Conversation, D3_SaysWhatStandsInTheWay) {
  page_side closed{"login"};
  closed.begin({"say 3 1", {}, {}, {}});
  EXPECT_EQ(closed.hear<page_failed>()->why.code, errc::login_required);
  page_side it;
  it.begin({"limit", {}, {}, {}});
  auto failed = it.hear<page_failed>();
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->why.code, errc::rate_limited);
  EXPECT_EQ(failed->why.retry_after, 5min);
}

TEST(Conversation, D4_SurvivesAPageThatLies) {
  page_side it{"hostile"};
  ASSERT_TRUE(it.send("say 20 10"));
  EXPECT_EQ(it.answer(), words(20));
}

TEST(Conversation, GivesItsTabAway) {
  page_side it;
  ASSERT_TRUE(it.send("say 1000 10"));
  EXPECT_EQ(it.leases().size(), 1u);
  it.act(discard_tab{it.run()});
  ASSERT_TRUE(it.hear<tab_gone>());
  EXPECT_TRUE(it.leases().empty());
}

TEST(Conversation, HearsSoonerThanItSees) {
  constexpr size_t turns = 20;
  auto heard = measure(true, turns), seen = measure(false, turns);
  ASSERT_EQ(heard.size(), turns);
  ASSERT_EQ(seen.size(), turns);
  for (auto [name, all] : {std::pair{"heard", &heard}, {"seen", &seen}})
    std::cout << name << ": p50 " << to_string((*all)[turns / 2]) << ", worst "
              << to_string(all->back()) << '\n';
  EXPECT_LT(heard[turns / 2], seen[turns / 2]);
}

// The agent that checks every answer, with hands that tell it anything.

#include "apps/agent/loop.hpp"
#include "apps/context.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <deque>
#include <nlohmann/json.hpp>

using namespace berth::apps;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

/// A tab that shows what it was told to open, unless the script says else.
class fake_hands : public driver {
public:
  std::deque<failure> take_fails, evaluate_fails;
  std::deque<std::string> evaluate_says; ///< Instead of the truth.
  std::vector<std::string> calls;
  std::vector<berth::protocol::duration> waits;
  bool forgets = false; ///< A recovered tab has no page.
  bool repeats = false; ///< Its first answer, for ever.

  outcome<lease_ref> take(berth::protocol::duration wait) override {
    calls.push_back("take");
    waits.push_back(wait);
    if (auto why = next(take_fails))
      return *why;
    ++sequence_;
    return lease_ref{{sequence_}, {1, sequence_}};
  }

  outcome<void> open(const std::string& url) override {
    calls.push_back("open");
    auto title = url.find("<title>") + 7, end = url.find("</title>");
    page_ = url.substr(title, end - title) + " " + url.substr(end + 8);
    return {};
  }

  outcome<std::string> evaluate(const std::string& expression) override {
    calls.push_back("evaluate");
    if (auto why = next(evaluate_fails))
      return *why;
    if (auto text = next(evaluate_says))
      return *text;
    if (!repeats || number_.empty()) {
      auto from = expression.rfind(" + '") + 4;
      number_ = expression.substr(from, expression.size() - from - 1);
    }
    return nlohmann::json(page_ + number_).dump();
  }

  outcome<void> recover() override {
    calls.push_back("recover");
    if (forgets)
      page_ = " ";
    return {};
  }

  outcome<void> give_back() override {
    calls.push_back("give back");
    return {};
  }

  size_t count(const std::string& call) const {
    return static_cast<size_t>(std::ranges::count(calls, call));
  }

private:
  template <class T>
  static std::optional<T> next(std::deque<T>& from) {
    if (from.empty())
      return std::nullopt;
    auto result = from.front();
    from.pop_front();
    return result;
  }

  uint64_t sequence_ = 0;
  std::string page_ = " ";
  std::string number_;
};

struct AgentLoop : testing::Test {
  fake_hands hands;
  signal_watch stop;
  agent_habits habits{"me", 30s, 100ms, 1, 0};
  std::vector<agent_line> lines;

  int run() {
    return agent_loop{habits, hands, stop,
                      [this](const agent_line& x) {
                        lines.push_back(x);
                      }}
      .run();
  }

  size_t said(saying what) const {
    return static_cast<size_t>(
      std::ranges::count(lines, what, &agent_line::says));
  }
};

} // namespace

TEST_F(AgentLoop, TellsOfItsTurn) {
  EXPECT_EQ(run(), done);
  ASSERT_GE(lines.size(), 3u);
  EXPECT_EQ(lines.front().says, saying::granted);
  EXPECT_EQ(lines.back().says, saying::released);
  uint64_t commands = 0;
  for (auto& x : lines)
    commands += x.commands;
  EXPECT_EQ(commands, hands.count("open") + hands.count("evaluate"));
  EXPECT_EQ(said(saying::mistaken), 0u);
}

TEST_F(AgentLoop, SeesAnAnswerOfAnotherPage) {
  hands.evaluate_says = {R"("you 123 1")"};
  EXPECT_EQ(run(), failed);
  ASSERT_EQ(said(saying::mistaken), 1u);
  auto x = std::ranges::find(lines, saying::mistaken, &agent_line::says);
  EXPECT_EQ(x->got, R"("you 123 1")");
}

TEST_F(AgentLoop, SeesAnAnswerToAnotherCommand) {
  hands.repeats = true;
  EXPECT_EQ(run(), failed);
  EXPECT_EQ(said(saying::mistaken), hands.count("evaluate") - 1);
}

TEST_F(AgentLoop, TakesABlankPageForAnAnswerOnlyAfterARecovery) {
  hands.evaluate_says = {R"("  1")"};
  EXPECT_EQ(run(), failed);
  EXPECT_EQ(said(saying::mistaken), 1u);
}

TEST_F(AgentLoop, RecoversALostTabAndOpensItsPageAgainIfItIsGone) {
  hands.evaluate_fails = {fail(errc::tab_lost, "crashed")};
  hands.forgets = true;
  habits.hold = 700ms;
  EXPECT_EQ(run(), done);
  EXPECT_EQ(hands.count("recover"), 1u);
  EXPECT_EQ(hands.count("open"), 2u);
  EXPECT_EQ(said(saying::mistaken), 0u);
}

TEST_F(AgentLoop, LeavesALeaseThatIsOver) {
  hands.evaluate_fails = {fail(errc::lease_gone, "expired")};
  EXPECT_EQ(run(), failed);
  EXPECT_EQ(hands.count("give back"), 0u);
  EXPECT_EQ(said(saying::failed), 1u);
}

TEST_F(AgentLoop, SaysWhyItHadNoTurn) {
  auto why = fail(errc::capacity, "full");
  why.retry_after = 1ms;
  hands.take_fails = {why};
  EXPECT_EQ(run(), try_later);
  ASSERT_EQ(said(saying::failed), 1u);
  EXPECT_EQ(lines.front().why, why);
}

TEST_F(AgentLoop, DoesNotWaitInItsEagerRounds) {
  habits.rounds = 4;
  habits.eager_every = 2;
  habits.hold = 1ms;
  EXPECT_EQ(run(), done);
  EXPECT_EQ(hands.waits,
            (std::vector<berth::protocol::duration>{30s, 0s, 30s, 0s}));
}

TEST_F(AgentLoop, GivesItsTabBackWhenItIsToldToEnd) {
  habits.rounds = 0;
  habits.hold = 1min;
  ::raise(SIGTERM); // Blocked by `stop`, which hears of it.
  EXPECT_EQ(run(), done);
  EXPECT_EQ(hands.count("take"), 1u);
  EXPECT_EQ(hands.count("give back"), 1u);
}

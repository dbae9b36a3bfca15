#include "apps/contend/figures.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace berth::apps::contend;
using namespace std::chrono_literals;

namespace {

/// A run that kept every promise.
struct ContendFigures : testing::Test {
  run_result run;

  void SetUp() override {
    run.asked.agents = 2;
    run.asked.tabs = 2;
    run.asked.faults = {fault::kill_agent, fault::crash_page};
    for (size_t seat : {1, 2}) {
      agent_record x;
      x.name = "agent-" + std::to_string(seat);
      x.seat = seat;
      x.exit = 0;
      x.turns = 10;
      x.commands = 100;
      run.what.agents.push_back(x);
    }
    run.what.agents[1].killed = true;
    run.what.agents[1].exit = 137;
    run.what.strikes = {
      {fault::kill_agent, 1s, "agent-2", {}, 1s + 2ms, false},
      {fault::crash_page, 2s, "agent-1", {"T"}, 2s + 9ms, false},
    };
    run.what.tabs_most = 2;
    run.what.crews = 1;
    run.left.daemon_exit = 0;
  }

  std::vector<std::string> broken() const {
    std::vector<std::string> result;
    for (auto& x : judge(run))
      if (!x.kept)
        result.push_back(x.name);
    return result;
  }

  using names = std::vector<std::string>;
};

} // namespace

TEST_F(ContendFigures, OfAGoodRunAreGood) {
  EXPECT_EQ(broken(), names{});
  EXPECT_TRUE(all_kept(judge(run)));
  auto n = count(run);
  EXPECT_EQ(n.commands, 200u);
  EXPECT_EQ(n.turns, 20u);
  EXPECT_EQ(n.agents_ended, 1u);
  EXPECT_EQ(n.agents_killed, 1u);
}

TEST_F(ContendFigures, BreakByOneWrongAnswer) {
  run.what.agents[0].wrong = 1;
  EXPECT_EQ(broken(), names{"own answers"});
}

TEST_F(ContendFigures, BreakIfNothingWasDone) {
  for (auto& x : run.what.agents)
    x.commands = 0;
  EXPECT_EQ(broken(), names{"own answers"});
}

TEST_F(ContendFigures, BreakByAnythingLeft) {
  for (auto what : {&remains::leases, &remains::tabs, &remains::tickets,
                    &remains::chromiums}) {
    run.left.*what = 1;
    EXPECT_EQ(broken(), names{"no orphans"});
    run.left.*what = 0;
  }
}

TEST_F(ContendFigures, BreakByAnAgentWithoutAKnownFate) {
  run.what.agents[0].exit = 134;
  EXPECT_EQ(broken(), names{"known fates"});
  EXPECT_EQ(fate_of(run.what.agents[0]), "exit status 134");
  run.what.agents[0].exit.reset();
  EXPECT_EQ(broken(), names{"known fates"});
  // By SIGKILL, but not by ours.
  run.what.agents[0].exit = 137;
  EXPECT_EQ(broken(), names{"known fates"});
}

TEST_F(ContendFigures, BreakByATabTooMany) {
  run.what.tabs_most = 3;
  EXPECT_EQ(broken(), names{"cap"});
}

TEST_F(ContendFigures, BreakByAFailureWithoutAFaultOrAMissedEvent) {
  run.what.unexplained = {"agent-1: berth.internal"};
  EXPECT_EQ(broken(), names{"explained failures"});
  run.what.unexplained.clear();
  run.what.events_missed = 1;
  EXPECT_EQ(broken(), names{"all was heard"});
}

TEST_F(ContendFigures, BreakByAConversationThatSuffers) {
  run.talks.failures[berth::protocol::errc::tab_lost] = 3;
  EXPECT_EQ(broken(), names{}); // There were none to be.
  run.asked.talks = 2;
  EXPECT_EQ(broken(), names{"conversations"});
  run.talks.turns = 10;
  EXPECT_EQ(broken(), names{});
  for (auto what :
       {&talk_figures::lost, &talk_figures::wrong, &talk_figures::doubled}) {
    run.talks.*what = 1;
    EXPECT_EQ(broken(), names{"conversations"});
    run.talks.*what = 0;
  }
}

TEST_F(ContendFigures, BreakByADaemonThatDoesNotEndWell) {
  run.left.daemon_exit = 70;
  EXPECT_EQ(broken(), names{"daemon"});
  run.left.daemon_exit = 0;
  run.what.crews = 2; // One fell by itself.
  EXPECT_EQ(broken(), names{"crews"});
}

TEST_F(ContendFigures, BreakByAFaultThatNeverStruckOrThatNobodySaw) {
  run.asked.faults.push_back(fault::kill_chromium);
  EXPECT_EQ(broken(), names{"fault chromium"});
  run.asked.faults.pop_back();
  run.what.strikes.push_back(
    {fault::crash_page, 3s, "agent-1", {"T"}, std::nullopt, false});
  EXPECT_EQ(broken(), names{"fault crash"});
  run.what.strikes.back().moot = true;
  EXPECT_EQ(broken(), names{});
}

TEST_F(ContendFigures, SumUpEachKindOfReclaim) {
  for (auto took : {10ms, 30ms, 20ms})
    run.what.reclaims.push_back({fault::kill_agent, false, took});
  run.what.reclaims.push_back({fault::kill_agent, true, 8s});
  auto n = count(run);
  ASSERT_EQ(n.reclaims.size(), 2u);
  EXPECT_EQ(n.reclaims[0].p50, 20ms);
  EXPECT_EQ(n.reclaims[0].p99, 30ms);
  EXPECT_EQ(n.reclaims[0].max, 30ms);
  EXPECT_EQ(name_of(n.reclaims[1]), "agent killed, command line");
}

TEST_F(ContendFigures, L6_BreakIfOneHasMoreTurnsThanItsShare) {
  run.what.agents[0].turns = 30;
  run.what.agents[1].turns = 20;
  EXPECT_EQ(broken(), names{}); // 0.96
  run.what.agents[1].turns = 16;
  EXPECT_EQ(broken(), names{"fair turns"}); // 0.92
  run.what.agents[0].turns = 10;
  run.what.agents[1].turns = 4; // Too few to judge.
  EXPECT_EQ(broken(), names{});
}

TEST_F(ContendFigures, CountAReplacementForItsSeat) {
  run.what.agents[1].turns = 4;
  auto next = run.what.agents[1];
  next.name = "agent-2.2";
  next.turns = 6;
  run.what.agents.push_back(next);
  EXPECT_DOUBLE_EQ(count(run).jain, 1);
}

TEST(JainIndex, IsOneIfAllAreEqualAndLeastIfOneHasAll) {
  EXPECT_DOUBLE_EQ(jain_index({}), 1);
  EXPECT_DOUBLE_EQ(jain_index({0, 0}), 1);
  EXPECT_DOUBLE_EQ(jain_index({5, 5, 5}), 1);
  EXPECT_DOUBLE_EQ(jain_index({9, 0, 0}), 1.0 / 3);
  EXPECT_DOUBLE_EQ(jain_index({1, 3}), 0.8);
}

TEST(Quantile, IsOneOfThem) {
  EXPECT_EQ(quantile({}, 0.5), 0s);
  EXPECT_EQ(quantile({3s}, 0.99), 3s);
  EXPECT_EQ(quantile({4s, 1s, 3s, 2s}, 0.5), 2s);
  EXPECT_EQ(quantile({4s, 1s, 3s, 2s}, 0.99), 4s);
  EXPECT_EQ(quantile({4s, 1s}, 0), 1s);
}

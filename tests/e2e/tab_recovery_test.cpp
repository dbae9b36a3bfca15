// What happens when a tab dies or hangs: to its holder, and to its neighbours.

#include "tests/e2e/tabs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <future>
#include <latch>
#include <set>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace berth;
using namespace berth::tests;

// T1 recovery
TEST_F(Tabs, T1_EightClientsRecoverADeadTabAndGetTheSameNewOne) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate("data:text/html,<title>home</title>"));
  auto pending = std::async(std::launch::async, [&] {
    return tab.evaluate("new Promise(() => {})");
  });
  // The command is under way when this one was answered.
  ASSERT_TRUE(tab.evaluate("1"));
  crash_renderers();
  auto lost = pending.get();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, errc::tab_lost);
  EXPECT_EQ(lost.error().cause, loss_cause::crashed);
  EXPECT_EQ(lost.error().generation, 1u);
  EXPECT_TRUE(lost.error().restorable);
  // All get the same outcome. Chrome may take a spare renderer that was killed
  // with the others: then it is one more typed loss.
  constexpr size_t clients = 8;
  std::vector<client::connection> others;
  while (others.size() < clients)
    others.push_back(berth.connect());
  std::set<std::string> made{"lost"};
  for (int round = 0; round < 3 && made == std::set<std::string>{"lost"};
       ++round) {
    made.clear();
    std::mutex mutex;
    std::latch all{clients};
    together(clients, [&](size_t i) {
      auto same = others[i].adopt(tab.lease());
      all.arrive_and_wait();
      auto got = same.recover();
      std::lock_guard guard{mutex};
      made.insert(got                                  ? got->value
                  : got.error().code == errc::tab_lost ? "lost"
                                                       : got.error().what);
    });
    ASSERT_EQ(made.size(), 1u);
  }
  EXPECT_EQ(*made.begin(), tab.run(describe_tab{})->target.value);
  EXPECT_EQ(tab.evaluate("document.title")->value, "\"home\"");
  EXPECT_EQ(berth.look().browsers[0].tabs, 1u);
}

TEST_F(Tabs, T1_AStoppedRendererIsFoundOutByAQuestion) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate("data:text/html,x"));
  auto all = renderers_of(berth.look().browsers[0].pid);
  for (auto pid : all)
    ::kill(pid, SIGSTOP);
  EXPECT_EQ(code_of(tab.run(within(300ms, evaluate{{}, "1"}))),
            errc::deadline_exceeded);
  auto lost = berth.log().wait(event_kind::tab_lost);
  for (auto pid : all)
    ::kill(pid, SIGCONT);
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->cause, loss_cause::unresponsive);
  EXPECT_TRUE(tab.recover());
  EXPECT_EQ(tab.evaluate("1")->value, "1");
}

TEST_F(Tabs, AreRecoveredAfterTheirBrowserWasKilled) {
  auto tab = open();
  ASSERT_TRUE(tab.navigate("data:text/html,<title>home</title>"));
  ::kill(static_cast<pid_t>(berth.look().browsers[0].pid), SIGKILL);
  auto lost = berth.log().wait(event_kind::tab_lost);
  ASSERT_TRUE(lost);
  EXPECT_EQ(lost->cause, loss_cause::browser_gone);
  auto again = tab.recover();
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->generation, 2u);
  EXPECT_EQ(tab.evaluate("document.title")->value, "\"home\"");
  EXPECT_EQ(berth.look().browsers[0].starts, 2u);
}

TEST_F(Tabs, AreShownWithTheirHoldersProcessAndWhetherTheyAreLost) {
  auto tab = open();
  auto shown = [&] {
    return berth.look().leases.at(0);
  };
  EXPECT_EQ(shown().pid, ::getpid());
  EXPECT_FALSE(shown().lost);
  crash_renderers();
  ASSERT_FALSE(tab.evaluate("1"));
  EXPECT_TRUE(shown().lost);
  // Chrome may take a spare renderer that was killed with the others.
  bool back = false;
  for (int round = 0; round < 3 && !back; ++round)
    back = bool{tab.recover()};
  ASSERT_TRUE(back);
  EXPECT_FALSE(shown().lost);
}

// B4 neighbours
/// By ratio within this run: a page that is as busy, but not stuck, costs the
/// neighbour as much of the machine.
TEST_F(Tabs, B4_AHungTabDelaysNoNeighbour) {
  constexpr int rounds = 5, calls = 100;
  auto tab = open();
  auto other = open();
  auto neighbours_p99 = [&](duration busy, errc end) {
    std::atomic<bool> over{false};
    auto script
      = end == errc::ok
          ? "(() => { const t = Date.now(); while (Date.now() - t < 600); })()"
          : "for(;;);";
    std::thread holder{[&] {
      EXPECT_EQ(code_of(other.run(within(busy, evaluate{{}, script}))), end);
      over = true;
    }};
    std::vector<duration> times;
    for (int i = 0; i < calls; ++i) {
      auto begin = std::chrono::steady_clock::now();
      EXPECT_TRUE(tab.evaluate("1"));
      times.push_back(std::chrono::steady_clock::now() - begin);
    }
    // All of them are answered while the other one is stuck.
    EXPECT_FALSE(over && end != errc::ok);
    holder.join();
    std::ranges::sort(times);
    return times[calls * 99 / 100 - 1];
  };
  auto median = [](std::vector<duration> all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
  };
  // Below a millisecond the clock and the machine decide; a machine that has a
  // bad minute is asked again.
  bool as_fast = false;
  for (int turn = 0; turn < 3 && !as_fast; ++turn) {
    std::vector<duration> base, beside_hung;
    for (int i = 0; i < rounds; ++i) {
      base.push_back(neighbours_p99(20s, errc::ok));
      beside_hung.push_back(neighbours_p99(4s, errc::deadline_exceeded));
    }
    as_fast = median(beside_hung) < 2 * std::max<duration>(median(base), 1ms);
    std::printf("beside a hung tab %lld us, beside a busy one %lld us\n",
                static_cast<long long>(median(beside_hung) / 1us),
                static_cast<long long>(median(base) / 1us));
  }
  EXPECT_TRUE(as_fast);
  EXPECT_EQ(other.evaluate("2")->value, "2");
}

#include "apps/contend/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace berth::apps::contend;
using namespace std::chrono_literals;

namespace {

plan_options options(uint64_t seed) {
  plan_options result;
  result.seed = seed;
  result.length = 2min;
  result.every = 2s;
  result.calm = 5s;
  return result;
}

} // namespace

TEST(ContendPlan, IsTheSeedsOwn) {
  EXPECT_EQ(draw_plan(options(1)), draw_plan(options(1)));
  EXPECT_NE(draw_plan(options(1)), draw_plan(options(2)));
}

TEST(ContendPlan, StrikesInOrderAboutAsOftenAsAskedAndLeavesACalm) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    auto plan = draw_plan(options(seed));
    ASSERT_GE(plan.size(), 56u);
    auto last = 0ns;
    for (auto& x : plan) {
      EXPECT_GE(x.at - last, 1s);
      EXPECT_LE(x.at - last, 3s);
      last = x.at;
    }
    EXPECT_LE(last, 2min - 5s);
  }
}

TEST(ContendPlan, HasEveryKindInEachRound) {
  constexpr auto round = usual_faults.size() - 1 + kills_per_round;
  auto plan = draw_plan(options(3));
  for (size_t i = 0; i + round <= plan.size(); i += round)
    for (auto kind : usual_faults)
      EXPECT_EQ(std::count_if(plan.begin() + long(i),
                              plan.begin() + long(i + round),
                              [&](auto& x) {
                                return x.what == kind;
                              }),
                kind == fault::kill_agent ? long(kills_per_round) : 1);
}

TEST(ContendPlan, HasOnlyWhatWasAskedFor) {
  auto how = options(1);
  how.faults = {fault::crash_page};
  for (auto& x : draw_plan(how))
    EXPECT_EQ(x.what, fault::crash_page);
  how.faults = {};
  EXPECT_TRUE(draw_plan(how).empty());
  how = options(1);
  how.every = 0s;
  EXPECT_TRUE(draw_plan(how).empty());
}

TEST(ContendPlan, NamesEveryFault) {
  for (auto x : all_faults)
    EXPECT_EQ(parse_fault(flag_of(x)), x);
  EXPECT_EQ(parse_fault("flood"), std::nullopt);
}

TEST(ContendPlan, HasSomeAtAPaceOfTheirOwn) {
  auto how = options(1);
  how.faults = {fault::crash_page};
  how.paced = {{fault::kill_daemon, 3s}};
  auto plan = draw_plan(how);
  auto last = 0ns;
  for (auto& x : plan) {
    EXPECT_GE(x.at, last);
    last = x.at;
  }
  auto killed = std::ranges::count(plan, fault::kill_daemon, &strike::what);
  EXPECT_GE(killed, 36);
  EXPECT_LE(killed, 40);
  EXPECT_GE(long(plan.size()) - killed, 56);
}

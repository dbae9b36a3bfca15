#include "protocol/restart_budget.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

struct RestartBudget : testing::Test {
  restart_budget budget{
    {.restarts_max = 4, .window = 60s, .backoff_min = 1s, .backoff_max = 3s}};
};

} // namespace

TEST_F(RestartBudget, RestartsTheFirstTimeAtOnce) {
  EXPECT_EQ(budget.spent(start), 0u);
  EXPECT_EQ(budget.spend(start), duration{0});
  EXPECT_EQ(budget.spent(start), 1u);
}

TEST_F(RestartBudget, WaitsTwiceAsLongEachFurtherTimeUpToALimit) {
  EXPECT_EQ(budget.spend(start), duration{0});
  EXPECT_EQ(budget.spend(start + 1s), duration{1s});
  EXPECT_EQ(budget.spend(start + 3s), duration{2s});
  EXPECT_EQ(budget.spend(start + 6s), duration{3s});
}

TEST_F(RestartBudget, GivesUpWhenItIsSpent) {
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(budget.spend(start + i * 5s));
  EXPECT_EQ(budget.spend(start + 20s), std::nullopt);
  EXPECT_EQ(budget.spend(start + 60s - 1ns), std::nullopt);
  EXPECT_EQ(budget.spent(start + 20s), 4u);
}

TEST_F(RestartBudget, HasOneMoreWhenTheOldestLeavesTheWindow) {
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(budget.spend(start + i * 5s));
  EXPECT_EQ(budget.spend(start + 60s), duration{3s});
  EXPECT_EQ(budget.spend(start + 60s), std::nullopt);
}

TEST_F(RestartBudget, IsNewAgainAfterAQuietWindow) {
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(budget.spend(start + i * 5s));
  EXPECT_EQ(budget.spent(start + 2min), 0u);
  EXPECT_EQ(budget.spend(start + 2min), duration{0});
}

TEST_F(RestartBudget, GivesUpAtOnceIfNoRestartIsAllowed) {
  budget = restart_budget{{.restarts_max = 0}};
  EXPECT_EQ(budget.spend(start), std::nullopt);
}

TEST_F(RestartBudget, NeverPutsMoreRestartsIntoAWindowThanItMay) {
  std::vector<timestamp> restarts;
  // It dies 100 ms after each start, and is tried again every second.
  for (auto now = start; now < start + 10min;) {
    auto wait = budget.spend(now);
    if (wait)
      restarts.push_back(now + *wait);
    now = wait ? restarts.back() + 100ms : now + 1s;
  }
  ASSERT_GT(restarts.size(), 30u);
  for (size_t i = 4; i < restarts.size(); ++i)
    EXPECT_GE(restarts[i] - restarts[i - 4], duration{60s}) << i;
}

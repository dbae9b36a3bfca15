#include "protocol/session_waiters.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

struct SessionWaiters : testing::Test {
  session_waiters waiters;

  SessionWaiters() {
    waiters.park({{1}, {1}, {1}, wait_until::sent, std::nullopt});
    waiters.park({{2}, {1}, {1}, wait_until::done, start + 5s});
    waiters.park({{3}, {2}, {2}, wait_until::done, start + 3s});
  }

  static std::vector<uint64_t>
  ids(const std::vector<session_waiters::waiter>& from) {
    std::vector<uint64_t> result;
    for (const auto& x : from)
      result.push_back(x.id.value);
    return result;
  }
};

using taken = std::vector<uint64_t>;

} // namespace

TEST_F(SessionWaiters, TakesThoseWhoWaitForThisMuchOfThisRun) {
  EXPECT_EQ(ids(waiters.take(run_id{1}, wait_until::sent)), taken{1});
  EXPECT_EQ(ids(waiters.take(run_id{1}, wait_until::done)), taken{2});
  EXPECT_EQ(waiters.size(), 1u);
}

TEST_F(SessionWaiters, TakesWhoWaitsForLessTooWhenTheRunIsDone) {
  EXPECT_EQ(ids(waiters.take(run_id{1}, wait_until::done)), (taken{1, 2}));
}

TEST_F(SessionWaiters, TakesNobodyTwice) {
  waiters.take(run_id{1}, wait_until::done);
  EXPECT_EQ(ids(waiters.take(run_id{1}, wait_until::done)), taken{});
  EXPECT_EQ(ids(waiters.take(client_id{1})), taken{});
}

TEST_F(SessionWaiters, TakesThoseWhoseTimeIsOver) {
  EXPECT_EQ(waiters.next_deadline(), start + 3s);
  EXPECT_EQ(ids(waiters.take_late(start + 3s - 1ns)), taken{});
  EXPECT_EQ(ids(waiters.take_late(start + 3s)), taken{3});
  EXPECT_EQ(waiters.next_deadline(), start + 5s);
  EXPECT_EQ(ids(waiters.take_late(start + 9h)), taken{2});
  EXPECT_EQ(waiters.next_deadline(), std::nullopt);
}

TEST_F(SessionWaiters, TakesThoseOfAClient) {
  EXPECT_EQ(ids(waiters.take(client_id{1})), (taken{1, 2}));
  EXPECT_EQ(waiters.size(), 1u);
}

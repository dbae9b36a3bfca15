#include "protocol/session_queue.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

run waits(uint64_t id, bool background = false, timestamp due = start) {
  run result;
  result.id = {id};
  result.background = background;
  result.due = due;
  return result;
}

run replaces(uint64_t id) {
  auto result = waits(id);
  result.replaces = true;
  return result;
}

/// Everything that is due, in the order in which it is taken.
std::vector<uint64_t>
taken(session_queue from, std::vector<run> runs, timestamp now = start) {
  for (const auto& x : runs)
    from.push(x);
  std::vector<uint64_t> result;
  while (auto next = from.front(now)) {
    result.push_back(next->value);
    for (const auto& x : runs)
      if (x.id == *next)
        from.erase(x);
  }
  return result;
}

using order = std::vector<uint64_t>;

} // namespace

TEST(SessionQueue, TakesRunsInTheOrderInWhichTheyCame) {
  EXPECT_EQ(taken({}, {waits(1), waits(2), waits(3)}), (order{1, 2, 3}));
}

TEST(SessionQueue, Q5_TakesInteractiveRunsFirst) {
  EXPECT_EQ(taken({}, {waits(1, true), waits(2), waits(3, true), waits(4)}),
            (order{2, 4, 1, 3}));
}

TEST(SessionQueue, Q2_TakesAReplacementBeforeAll) {
  EXPECT_EQ(taken({}, {waits(1), replaces(2)}), (order{2, 1}));
}

TEST(SessionQueue, TakesRunsInTheOrderInWhichTheyComeDue) {
  std::vector runs{waits(1, true, start + 2s), waits(2, true, start + 1s),
                   waits(3, true, start + 1s)};
  EXPECT_EQ(taken({}, runs, start + 1s - 1ns), order{});
  EXPECT_EQ(taken({}, runs, start + 1s), (order{2, 3}));
  EXPECT_EQ(taken({}, runs, start + 2s), (order{2, 3, 1}));
}

TEST(SessionQueue, GivesARunThatComesBackItsOldPlace) {
  session_queue queue;
  auto first = waits(1, true);
  queue.push(first);
  queue.push(waits(2, true, start + 1s));
  queue.erase(first);
  EXPECT_EQ(queue.front(start + 1s), run_id{2});
  queue.push(first);
  EXPECT_EQ(queue.front(start + 1s), run_id{1});
}

TEST(SessionQueue, CountsWhatComesFirst) {
  session_queue queue;
  std::vector runs{waits(1, true), waits(2), waits(3, true), waits(4)};
  for (const auto& x : runs)
    queue.push(x);
  EXPECT_EQ(queue.ahead_of(runs[1]), 0u);
  EXPECT_EQ(queue.ahead_of(runs[3]), 1u);
  EXPECT_EQ(queue.ahead_of(runs[0]), 2u);
  EXPECT_EQ(queue.ahead_of(runs[2]), 3u);
}

TEST(SessionQueue, Q1_BoundsEachKindByItself) {
  session_queue queue{{2, 1}};
  queue.push(waits(1));
  EXPECT_FALSE(queue.is_full(false));
  queue.push(waits(2));
  EXPECT_TRUE(queue.is_full(false));
  EXPECT_FALSE(queue.is_full(true));
  queue.push(waits(3, true));
  EXPECT_TRUE(queue.is_full(true));
  EXPECT_EQ(queue.size(false), 2u);
  EXPECT_EQ(queue.size(true), 1u);
  EXPECT_EQ(queue.most(false), 2u);
  EXPECT_EQ(queue.most(true), 1u);
}

TEST(SessionQueue, SaysWhenSomethingComesDue) {
  session_queue queue;
  EXPECT_EQ(queue.next_due(), std::nullopt);
  queue.push(waits(1, true, start + 5s));
  queue.push(waits(2, true, start + 3s));
  EXPECT_EQ(queue.next_due(), start + 3s);
  queue.push(waits(3));
  EXPECT_EQ(queue.next_due(), start);
}

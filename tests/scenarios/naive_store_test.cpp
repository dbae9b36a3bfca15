#include "scenarios/naive_store.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace berth::scenarios;
using namespace std::chrono_literals;

namespace {

naive_row make_row(uint64_t number, const char* key = "web") {
  auto tab = "T" + std::to_string(number);
  return {{{number}, {}}, {number}, {key}, {tab}, 1};
}

naive_store make_store(const std::vector<naive_row>& rows) {
  naive_store result;
  for (auto& x : rows)
    result.rows[x.lease.lease] = x;
  return result;
}

admission_queue::limits make_caps(size_t per_key, size_t global) {
  admission_queue::limits result;
  result.per_key = per_key;
  result.global = global;
  return result;
}

} // namespace

TEST(NaiveStore, CountsOnlyWhatIsIdle) {
  auto disk = make_store({make_row(1), make_row(2), make_row(3, "mail")});
  EXPECT_FALSE(has_room(disk, {"web"}, make_caps(2, 9)));
  EXPECT_FALSE(has_room(disk, {"mail"}, make_caps(2, 3)));
  disk.busy.insert({1});
  EXPECT_TRUE(has_room(disk, {"web"}, make_caps(2, 9)));
  EXPECT_TRUE(has_room(disk, {"mail"}, make_caps(2, 3)));
}

TEST(NaiveStore, TakesTheSilentForDead) {
  auto disk = make_store({make_row(1), make_row(2), make_row(3)});
  timestamp now{1h};
  disk.heartbeats[{1}] = now - heartbeat_max;
  disk.heartbeats[{2}] = now - heartbeat_max - 1s;
  auto dead = find_stale(disk, now);
  EXPECT_EQ(dead.size(), 2u);
  EXPECT_FALSE(dead.contains({1}));
}

TEST(NaiveStore, FindsAPageThatNoRowNames) {
  auto disk = make_store({make_row(1), make_row(2)});
  EXPECT_EQ(find_unclaimed(disk.rows, {{"T1"}, {"T2"}}), std::nullopt);
  EXPECT_EQ(find_unclaimed(disk.rows, {{"T1"}, {"T7"}, {"T2"}}),
            target_id{"T7"});
}

#include "protocol/admission_queue.hpp"
#include "protocol/tab_share.hpp"

#include <gtest/gtest.h>

namespace berth::protocol::test {

using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};
const work_key web{"web"}, chat{"chat"};

admission_queue with_caps(size_t per_key, size_t global) {
  admission_queue::limits result;
  result.per_key = per_key;
  result.global = global;
  return admission_queue{result};
}

slot_id take(admission_queue& from, uint64_t client, const work_key& key) {
  auto decision = from.ask({{client}, key, {}}, start);
  return std::get<slot_granted>(decision.events.at(0)).slot;
}

} // namespace

TEST(TabShare, L6_LeavesATabForAWhileToWhoMayGoOnAtOnce) {
  EXPECT_EQ(offered_from(start, start + 2s, {}), start + 3s);
}

TEST(TabShare, L6_LetsNobodyKeepATabByGoingOnForEver) {
  EXPECT_EQ(offered_from(start, start + 9500ms, {}), start + 10s);
  EXPECT_EQ(offered_from(start, start + 30s, {}), start + 30s);
}

TEST(TabShare, WantsASlotOfTheKeyThatSomebodyWaitsFor) {
  auto queue = with_caps(1, 4);
  auto mine = take(queue, 1, web);
  take(queue, 1, chat);
  EXPECT_FALSE(queue.is_wanted(web));
  queue.ask({{2}, web, 1min}, start);
  EXPECT_TRUE(queue.is_wanted(web));
  EXPECT_FALSE(queue.is_wanted(chat)) << "it would serve nobody";
  queue.give_back(mine, start);
  EXPECT_FALSE(queue.is_wanted(web));
}

TEST(TabShare, WantsASlotOfAnyKeyIfAllAreTaken) {
  auto queue = with_caps(2, 2);
  take(queue, 1, web);
  take(queue, 1, chat);
  queue.ask({{2}, web, 1min}, start);
  EXPECT_TRUE(queue.is_wanted(chat));
}

} // namespace berth::protocol::test

#include "protocol/event_rate.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

struct EventRate : testing::Test {
  event_rate rate{
    {.burst = 3, .every = 2s, .tell_every = 60s, .leases_max = 4}};

  static event
  of(uint64_t lease, event_kind kind = event_kind::dialog_answered) {
    event result;
    result.kind = kind;
    result.lease = {lease};
    result.client = {lease + 100};
    result.key = "web";
    result.browser = "main";
    return result;
  }

  /// How many of so many get through.
  size_t passed(size_t count, const event& what, timestamp now) {
    size_t result = 0;
    for (size_t i = 0; i < count; ++i)
      for (auto& x : rate.admit({what}, now))
        result += x.kind == what.kind;
    return result;
  }
};

} // namespace

TEST_F(EventRate, LetsAPageCauseABurstAndThenAFewMore) {
  EXPECT_EQ(passed(100, of(1), start), 3u);
  EXPECT_EQ(passed(100, of(1), start + 1999ms), 0u);
  EXPECT_EQ(passed(100, of(1), start + 2s), 1u);
  EXPECT_EQ(passed(100, of(1), start + 1h), 3u);
}

TEST_F(EventRate, CountsEachLeaseAndKindForItself) {
  EXPECT_EQ(passed(100, of(1), start), 3u);
  EXPECT_EQ(passed(100, of(1, event_kind::popup_opened), start), 3u);
  EXPECT_EQ(passed(100, of(2), start), 3u);
}

TEST_F(EventRate, LetsThroughWhatNoPageCauses) {
  for (auto kind : {event_kind::lease_granted, event_kind::lease_bound,
                    event_kind::tab_lost, event_kind::tab_moved,
                    event_kind::client_joined, event_kind::run_settled})
    EXPECT_EQ(passed(100, of(1, kind), start), 100u) << to_string(kind);
  EXPECT_EQ(rate.leases(), 0u);
}

TEST_F(EventRate, TellsInTimeWhatItDidNotLetThrough) {
  passed(10, of(1), start);
  passed(5, of(1, event_kind::popup_refused), start);
  EXPECT_EQ(rate.admit({of(2, event_kind::client_left)}, start + 59s).size(),
            1u);
  auto told = rate.admit({of(2, event_kind::client_left)}, start + 60s);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].kind, event_kind::events_suppressed);
  EXPECT_EQ(told[0].lease, lease_id{1});
  EXPECT_EQ(told[0].client, client_id{101});
  EXPECT_EQ(told[0].key, "web");
  EXPECT_EQ(told[0].detail, "7 dialog_answered, 2 popup_refused");
  EXPECT_EQ(told[1].kind, event_kind::client_left);
  EXPECT_EQ(rate.admit({}, start + 2h).size(), 0u);
}

TEST_F(EventRate, TellsTheRestBeforeALeaseEnds) {
  passed(10, of(1), start);
  auto told = rate.admit({of(1, event_kind::lease_ended)}, start + 1s);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].detail, "7 dialog_answered");
  EXPECT_EQ(told[1].kind, event_kind::lease_ended);
  EXPECT_EQ(rate.leases(), 0u);
  EXPECT_TRUE(rate.admit({}, start + 1h).empty());
}

TEST_F(EventRate, AllIsLetThroughOrCounted) {
  size_t sent = 0, seen = 0, counted = 0;
  auto take = [&](const events& some) {
    for (auto& x : some)
      if (x.kind == event_kind::events_suppressed)
        counted += std::stoul(x.detail);
      else
        seen += x.kind == event_kind::dialog_answered;
  };
  for (auto now = start; now < start + 10min; now += 7ms, ++sent)
    take(rate.admit({of(1 + sent % 3)}, now));
  for (uint64_t lease : {1, 2, 3})
    take(rate.admit({of(lease, event_kind::lease_ended)}, start + 10min));
  EXPECT_EQ(seen + counted, sent);
  EXPECT_LE(seen, 3 * (3 + 300u));
  EXPECT_GT(seen, 3 * 290u);
}

TEST_F(EventRate, TellsTheRestOfALeaseBeforeItForgetsIt) {
  for (uint64_t lease : {1, 2, 3, 4})
    passed(10, of(lease), start);
  auto told = rate.admit({of(5)}, start + 1s);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].kind, event_kind::events_suppressed);
  EXPECT_EQ(told[0].lease, lease_id{1});
  EXPECT_EQ(told[0].detail, "7 dialog_answered");
  EXPECT_EQ(told[1].lease, lease_id{5});
  EXPECT_EQ(rate.leases(), 4u);
}

TEST_F(EventRate, RemembersNoMoreLeasesThanItMay) {
  for (uint64_t lease = 1; lease < 100; ++lease)
    passed(10, of(lease), start);
  EXPECT_EQ(rate.leases(), 4u);
  // Those that have been quiet go first.
  passed(1, of(200), start + 1h);
  EXPECT_LE(rate.leases(), 4u);
}

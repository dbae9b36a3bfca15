// What the daemon promises about clients that come and go at bad moments.

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <malloc.h>
#include <string>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

struct Guests : testing::Test {
  world where{7};
  config how;

  /// Its journal has an event like this.
  static bool
  tells(daemon& x, event_kind kind, const std::string& detail = {}) {
    return std::ranges::any_of(x.journal().entries, [&](const auto& entry) {
      return entry.what.kind == kind
             && (detail.empty() || entry.what.detail == detail);
    });
  }
};

} // namespace

TEST_F(Guests, D4_LetsNoMoreInThanItMayHoweverTheyCome) {
  how.door.clients_max = 4;
  daemon it{where, how};
  where.advance(1s);
  std::deque<guest> crowd;
  for (uint64_t i = 1; i <= 20; ++i) {
    crowd.push_back(it.make_guest(i, "guest"));
    crowd.back().join();
  }
  where.settle();
  EXPECT_EQ(std::ranges::count_if(crowd, &guest::joined), 4);
  for (auto& x : crowd)
    if (!x.joined()) {
      ASSERT_TRUE(x.greeting()->why);
      EXPECT_EQ(x.greeting()->why->code, errc::client_limit);
    }
  // Who leaves makes room.
  crowd.front().die();
  std::ranges::find_if(crowd, &guest::joined)->die();
  where.advance(1s);
  auto late = it.make_guest(99, "late");
  late.join();
  where.settle();
  EXPECT_TRUE(late.joined());
}

TEST_F(Guests, L1_AreNotReplacedByWhoKnowsTheirId) {
  daemon it{where, how};
  auto agent = it.make_guest(1, "agent");
  agent.join();
  where.advance(1s);
  auto held = agent.ask<grant>(acquire{});
  where.advance(1s);
  ASSERT_TRUE(held->value);
  auto stranger = it.make_guest(agent.id().value, "agent");
  stranger.join();
  where.advance(1s);
  EXPECT_TRUE(stranger.joined());
  EXPECT_FALSE(agent.is_cut());
  EXPECT_FALSE(tells(it, event_kind::lease_ended));
}

TEST_F(Guests, T2_EndsALeaseWhoseAskerDiedBeforeItWasTold) {
  daemon it{where, how};
  auto agent = it.make_guest(1, "agent");
  agent.join();
  where.advance(1s);
  it.chrome().answer_late("Target.createTarget", 5s);
  acquire what;
  what.key = {"web"};
  what.kind = holder_kind::session; // It outlives its client, once it is known.
  what.ttl = 1h;
  agent.ask<grant>(what);
  where.advance(1s);
  agent.die();
  where.advance(30s);
  EXPECT_TRUE(tells(it, event_kind::lease_ended, "client_gone"));
  EXPECT_TRUE(tells(it, event_kind::slot_returned));
  EXPECT_EQ(it.chrome().pages().size(), 1u); // The anchor.
}

TEST_F(Guests, L6_DropsTheTicketOfAnOldConnectionWhenItsClientIsBack) {
  how.admission.per_key = 1;
  daemon it{where, how};
  auto holder = it.make_guest(1, "holder");
  auto waiter = it.make_guest(2, "waiter");
  holder.join();
  waiter.join();
  where.advance(1s);
  acquire what;
  what.key = {"web"};
  holder.ask<grant>(what);
  where.advance(1s);
  what.wait = 10min;
  waiter.ask<grant>(what);
  where.advance(1s);
  // The same client says hello again, before its old connection was missed.
  auto again = it.make_guest(2, "waiter");
  again.join();
  where.advance(1s);
  EXPECT_TRUE(again.joined());
  EXPECT_TRUE(tells(it, event_kind::ticket_ended));
}

/// Not even what CAF keeps of actors that have ended.
TEST_F(Guests, D4_LeaveNothingBehindHoweverManyCome) {
  how.events_kept = 100;
  daemon it{where, how};
  where.advance(1s);
  auto in_use_after = [&](uint64_t first, uint64_t last) {
    for (auto number = first; number <= last; ++number) {
      auto one = it.make_guest(number, "guest " + std::to_string(number));
      one.join();
      where.settle();
      acquire what;
      what.key = {"key " + std::to_string(number)};
      asked<grant> got;
      if (number % 10 == 0)
        got = one.ask<grant>(what);
      where.advance(100ms);
      EXPECT_TRUE(one.joined() && (!got || got->value));
      one.die();
      where.settle();
    }
    where.advance(5min); // Every deadline of theirs is over.
    // What the fakes write down.
    it.journal().entries = {};
    it.chrome().take_sent();
    return ::mallinfo2().uordblks;
  };
  auto early = in_use_after(1, 5000);
  auto late = in_use_after(5001, 20000);
  // Less than the smallest piece of memory for each.
  EXPECT_LT(late, early + 15000 * 32);
  EXPECT_TRUE(where.find("client").empty());
  std::printf("%zu KiB in use after 5,000 guests, %zu after 20,000\n",
              early / 1024, late / 1024);
}

} // namespace berth::tests

// The daemon was stopped for a while, and with it all that could be heard.

#include "tests/protocol/lease_table_fixture.hpp"

namespace berth::protocol {

namespace {

struct LeaseStall : LeaseTable {
  LeaseStall() {
    table = lease_table{3, {.return_within = 30s, .stall_min = 3s}};
    table.join(alice, start);
    mine = bound(order(1)); // With a ttl of 20 s.
  }

  /// As whoever looks is asked to.
  lease_decision wait_until(timestamp then) {
    lease_decision result;
    for (; now < then && result.events.empty();
         now = std::min(then, std::max(now + 1ms, *table.next_deadline())))
      result = table.expire(now);
    return result.events.empty() ? table.expire(then) : result;
  }

  timestamp now = start;
  lease_ref mine;
};

} // namespace

TEST_F(LeaseStall, L2_EndsNoLease) {
  EXPECT_EQ(wait_until(start + 5s), lease_decision{});
  now += 1min; // Nobody looks.
  EXPECT_EQ(table.check(mine, now), errc::ok);
  EXPECT_EQ(table.expire(now), lease_decision{});
  // It has the 15 seconds that were left to it.
  EXPECT_EQ(wait_until(now + 14999ms), lease_decision{});
  EXPECT_EQ(table.check(mine, now + 1ms), errc::lease_gone);
  EXPECT_EQ(table.expire(now + 1ms),
            told(lease_ended{ended(mine), end_reason::expired}));
}

TEST_F(LeaseStall, L2_IsKnownToWhoeverIsHeardFirst) {
  now += 1min;
  renew_lease ask;
  ask.lease.ref = mine;
  EXPECT_EQ(table.renew(ask, now).verdict, errc::ok);
  now += 1min;
  EXPECT_EQ(table.release(mine, now).verdict, errc::ok);
}

/// It hung up because nobody answered.
TEST_F(LeaseStall, L2_GivesAClientTimeToComeBack) {
  now += 1min;
  auto cut_off = table.drop(alice, now);
  EXPECT_EQ(cut_off, told(lease_orphaned{row(mine)}));
  auto back = table.join(alice, now + 1s);
  EXPECT_EQ(back, told(lease_renewed{row(mine)}));
  // Half a minute later a client that hangs up is gone.
  now += 1s;
  for (auto then = now + 30s; now < then; now += 1s) {
    renew_lease ask;
    ask.lease.ref = mine;
    table.renew(ask, now);
  }
  auto gone = table.drop(alice, now);
  EXPECT_EQ(gone, told(lease_ended{ended(mine), end_reason::client_gone}));
}

TEST_F(LeaseStall, L2_EndsALeaseWhoseClientDoesNotComeBack) {
  now += 1min;
  table.drop(alice, now);
  EXPECT_EQ(wait_until(now + 19999ms), lease_decision{});
  EXPECT_EQ(wait_until(now + 1ms),
            told(lease_ended{ended(mine), end_reason::client_gone}));
}

TEST_F(LeaseStall, IsNoneThatIsShort) {
  wait_until(start + 18s);
  EXPECT_EQ(table.expire(start + 20999ms).events.size(), 1u);
}

/// Without leases nobody needs to look.
TEST_F(LeaseStall, IsNoneWhileThereIsNoLease) {
  table.release(mine, start);
  EXPECT_EQ(table.next_deadline(), std::nullopt);
  now += 1h;
  auto next = granted(order(2), now);
  table.bind({next, other_tab, 1}, now);
  auto gone = table.drop(alice, now);
  EXPECT_EQ(gone, told(lease_ended{ended(next), end_reason::client_gone}));
}

TEST_F(LeaseStall, IsLookedForAllTheTime) {
  EXPECT_EQ(table.next_deadline(), start + 2s);
  table.expire(start + 1s);
  EXPECT_EQ(table.next_deadline(), start + 3s);
}

} // namespace berth::protocol

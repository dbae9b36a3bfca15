// What a goodbye does to leases.

#include "tests/protocol/lease_table_fixture.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;

TEST_F(LeaseTable, T4_EndsAtOnceWhatAClientHoldsThatSaysGoodbye) {
  auto held = bound(order(1, 30s));
  auto opening = granted(order(2, 30s));
  auto expected = told(lease_ended{ended(held), end_reason::client_gone},
                       lease_ended{ended(opening), end_reason::client_gone});
  EXPECT_EQ(table.leave(alice, start), expected);
  EXPECT_FALSE(table.knows(alice));
  EXPECT_EQ(table.next_deadline(), std::nullopt);
  EXPECT_TRUE(table.join(alice, start).events.empty());
}

TEST_F(LeaseTable, LeavesWhatIsNotTheirsToThoseWhoSayGoodbye) {
  auto lasting = order(1);
  lasting.kind = holder_kind::session;
  auto kept = bound(lasting);
  auto bobs = order(2);
  bobs.client = bob;
  auto other = bound(bobs, other_tab);
  EXPECT_TRUE(table.leave(alice, start).events.empty());
  EXPECT_EQ(table.check(kept, start), errc::ok);
  EXPECT_EQ(table.check(other, start), errc::ok);
}

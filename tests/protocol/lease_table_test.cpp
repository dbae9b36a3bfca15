#include "tests/protocol/lease_table_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

using namespace berth::protocol;

// -- grant --------------------------------------------------------------------

TEST_F(LeaseTable, GrantsARowThatHasNoTabYet) {
  lease expected;
  expected.id = {1};
  expected.key = {"web"};
  expected.token = {3, 1};
  expected.client = alice;
  expected.slot = {4};
  expected.state = lease_state::opening;
  expected.ttl = 20s;
  expected.grace = 5s;
  expected.deadline = start + 20s;
  EXPECT_EQ(table.grant(order(4, 5s), start), told(lease_granted{expected}));
  EXPECT_EQ(*table.find({1}), expected);
}

TEST_F(LeaseTable, GivesEveryGrantANewIdAndALargerToken) {
  auto first = granted(order(1));
  auto second = granted(order(2));
  EXPECT_NE(first.lease, second.lease);
  EXPECT_LT(first.token, second.token);
  table.release(second, start);
  table.closed(second.lease);
  auto third = granted(order(2));
  EXPECT_NE(third.lease, second.lease);
  EXPECT_LT(second.token, third.token);
}

TEST_F(LeaseTable, GivesLargerTokensInALaterEpoch) {
  auto before = granted(order(1));
  table = lease_table{4, {}};
  table.join(alice, start);
  EXPECT_LT(before.token, granted(order(1)).token);
}

TEST_F(LeaseTable, T4_GrantsNothingToAClientThatIsGone) {
  table.drop(alice, start);
  EXPECT_EQ(table.grant(order(1), start), refused(errc::client_gone));
  EXPECT_TRUE(table.rows().empty());
}

TEST_F(LeaseTable, RefusesWhatNoClockCanHold) {
  for (auto far : {duration::max(), duration::min(), duration::max() - 1ns}) {
    auto what = order(1);
    what.ttl = far;
    auto verdict = table.grant(what, start).verdict;
    EXPECT_EQ(verdict, far > 0s ? errc::ttl_too_long : errc::ok);
    what = order(2, far);
    verdict = table.grant(what, start).verdict;
    EXPECT_EQ(verdict, far > 0s ? errc::grace_too_long : errc::ok);
    auto held = granted(order(3));
    verdict = table.renew({held, far}, start).verdict;
    EXPECT_EQ(verdict, far > 0s ? errc::ttl_too_long : errc::ok);
  }
}

TEST_F(LeaseTable, TakesTheDefaultForATtlOfZero) {
  auto what = order(1);
  what.ttl = {};
  EXPECT_EQ(row(granted(what)).deadline, start + 60s);
}

TEST_F(LeaseTable, RefusesATtlOrAGraceOverItsLimit) {
  auto what = order(1, 30s);
  what.ttl = 10min;
  granted(what);
  what.ttl = 10min + 1ns;
  EXPECT_EQ(table.grant(what, start), refused(errc::ttl_too_long));
  EXPECT_EQ(table.grant(order(1, 30s + 1ns), start),
            refused(errc::grace_too_long));
  EXPECT_EQ(table.rows().size(), 1u);
}

// -- bind ---------------------------------------------------------------------

TEST_F(LeaseTable, BindsATabAndStartsTheDeadlineAgain) {
  auto mine = granted(order(1));
  auto expected = row(mine);
  expected.state = lease_state::bound;
  expected.target = tab;
  expected.generation = 1;
  expected.deadline = start + 12s + 20s;
  EXPECT_EQ(table.bind({mine, tab, 1}, start + 12s),
            told(lease_bound{expected}));
  EXPECT_EQ(row(mine), expected);
}

TEST_F(LeaseTable, T1_BindsARecoveredTabOnceAndLeavesTheDeadline) {
  auto mine = bound(order(1));
  auto expected = row(mine);
  expected.target = other_tab;
  expected.generation = 2;
  EXPECT_EQ(table.bind({mine, other_tab, 2}, start + 5s),
            told(lease_bound{expected}));
  EXPECT_EQ(table.bind({mine, tab, 2}, start + 5s), refused(errc::stale_token));
  EXPECT_EQ(table.bind({mine, tab, 1}, start + 5s), refused(errc::stale_token));
  EXPECT_EQ(row(mine), expected);
}

TEST_F(LeaseTable, T2_BindsNothingWithoutALiveRow) {
  EXPECT_EQ(table.bind({{{9}, {3, 9}}, tab, 1}, start),
            refused(errc::lease_gone));
  auto silent = bound(order(2), other_tab);
  EXPECT_EQ(table.bind({silent, tab, 2}, start + 20s),
            refused(errc::lease_gone));
  auto mine = granted(order(1));
  table.release(mine, start);
  EXPECT_EQ(table.bind({mine, tab, 1}, start), refused(errc::lease_gone));
  EXPECT_FALSE(row(mine).target);
}

TEST_F(LeaseTable, L5_BindsNothingForAnOldToken) {
  auto mine = granted(order(1));
  EXPECT_EQ(table.bind({older(mine), tab, 1}, start),
            refused(errc::stale_token));
  EXPECT_EQ(row(mine).state, lease_state::opening);
}

TEST_F(LeaseTable, L1_NeverHandsOneTabToTwo) {
  auto mine = bound(order(1));
  auto yours = granted(order(2));
  EXPECT_EQ(table.bind({yours, tab, 1}, start), refused(errc::internal));
  EXPECT_EQ(row(yours).state, lease_state::opening);
  table.release(mine, start);
  EXPECT_EQ(table.bind({yours, tab, 1}, start).verdict, errc::ok);
}

// -- signs of life ------------------------------------------------------------

TEST_F(LeaseTable, L4_RenewsUntilTheTtlFromNow) {
  auto mine = bound(order(1));
  auto expected = row(mine);
  expected.ttl = 40s;
  expected.deadline = start + 10s + 40s;
  EXPECT_EQ(table.renew({mine, 40s}, start + 10s),
            told(lease_renewed{expected}));
  expected.deadline = start + 15s + 40s;
  EXPECT_EQ(table.renew({mine, {}}, start + 15s),
            told(lease_renewed{expected}));
}

TEST_F(LeaseTable, RenewsNothingThatItShouldNot) {
  auto mine = bound(order(1));
  EXPECT_EQ(table.renew({mine, 10min + 1ns}, start),
            refused(errc::ttl_too_long));
  EXPECT_EQ(table.renew({older(mine), 5s}, start), refused(errc::stale_token));
  EXPECT_EQ(table.renew({mine, 5s}, start + 20s), refused(errc::lease_gone));
  EXPECT_EQ(row(mine).deadline, start + 20s);
  EXPECT_EQ(row(mine).ttl, duration{20s});
}

TEST_F(LeaseTable, L4_SlidesTheDeadlineWithActivityButNeverBack) {
  auto mine = bound(order(1));
  auto expected = row(mine);
  expected.deadline = start + 28s;
  EXPECT_EQ(table.touch(mine, start + 8s), told(lease_renewed{expected}));
  EXPECT_EQ(table.touch(mine, start + 3s), told());
  EXPECT_EQ(row(mine), expected);
  EXPECT_EQ(table.touch(older(mine), start + 9s), refused(errc::stale_token));
}

// -- ends ---------------------------------------------------------------------

TEST_F(LeaseTable, ReleasesALeaseWithAndWithoutATab) {
  for (auto mine : {granted(order(1)), bound(order(2))}) {
    auto decision = table.release(mine, start);
    EXPECT_EQ(decision, told(lease_ended{ended(mine), end_reason::released}));
    EXPECT_EQ(row(mine).state, lease_state::closing);
    EXPECT_EQ(table.release(mine, start), refused(errc::lease_gone));
  }
}

TEST_F(LeaseTable, L5_ReleasesNothingForAnOldToken) {
  auto mine = bound(order(1));
  EXPECT_EQ(table.release(older(mine), start), refused(errc::stale_token));
  EXPECT_EQ(row(mine).state, lease_state::bound);
}

TEST_F(LeaseTable, EndsALeaseWithoutItsTokenForAReason) {
  auto mine = bound(order(1));
  EXPECT_EQ(table.end(mine.lease, end_reason::revoked, start),
            told(lease_ended{ended(mine), end_reason::revoked}));
  EXPECT_EQ(table.end(mine.lease, end_reason::revoked, start),
            refused(errc::lease_gone));
  EXPECT_EQ(table.end({9}, end_reason::revoked, start),
            refused(errc::lease_gone));
}

TEST_F(LeaseTable, T4_ReclaimsASilentLeaseAtItsDeadline) {
  auto silent = bound(order(1));
  auto mine = bound(order(2), other_tab);
  table.renew({mine, {}}, start + 1s);
  EXPECT_EQ(table.next_deadline(), start + 20s);
  EXPECT_EQ(table.expire(start + 20s - 1ns), told());
  auto decision = table.expire(start + 20s);
  EXPECT_EQ(decision, told(lease_ended{ended(silent), end_reason::expired}));
  EXPECT_EQ(table.next_deadline(), start + 21s);
  table.expire(start + 21s);
  EXPECT_EQ(row(mine).state, lease_state::closing);
  EXPECT_EQ(table.next_deadline(), std::nullopt);
}

/// However long Chrome takes, the holder has its whole ttl when it gets its
/// tab.
TEST_F(LeaseTable, T2_LetsNoLeaseExpireWhileItsTabIsMade) {
  auto mine = granted(order(1));
  EXPECT_EQ(table.next_deadline(), std::nullopt);
  EXPECT_EQ(table.expire(start + 20s), told());
  EXPECT_EQ(table.bind({mine, tab, 1}, start + 30s).verdict, errc::ok);
  EXPECT_EQ(table.next_deadline(), start + 50s);
}

TEST_F(LeaseTable, KeepsTheSlotOfAnEndedLeaseUntilItsTabIsClosed) {
  auto mine = bound(order(5));
  EXPECT_EQ(table.closed(mine.lease), std::nullopt);
  table.release(mine, start);
  EXPECT_EQ(row(mine).state, lease_state::closing);
  EXPECT_EQ(table.closed(mine.lease), slot_id{5});
  EXPECT_EQ(table.find(mine.lease), nullptr);
  EXPECT_EQ(table.closed(mine.lease), std::nullopt);
}

// -- clients that leave and come back -----------------------------------------

TEST_F(LeaseTable, T4_EndsAClientsLeasesWithItsConnection) {
  auto opening = granted(order(1));
  auto mine = bound(order(2));
  auto decision = table.drop(alice, start);
  EXPECT_EQ(decision, told(lease_ended{ended(opening), end_reason::client_gone},
                           lease_ended{ended(mine), end_reason::client_gone}));
  EXPECT_FALSE(table.knows(alice));
}

TEST_F(LeaseTable, T4_LeavesTheLeasesOfOthersAndOfSessions) {
  auto what = order(1);
  what.kind = holder_kind::session;
  auto session = bound(what, tab);
  what = order(2);
  what.client = bob;
  auto bobs = bound(what, other_tab);
  EXPECT_EQ(table.drop(alice, start), told());
  EXPECT_EQ(table.check(session, start), errc::ok);
  EXPECT_EQ(table.check(bobs, start), errc::ok);
}

TEST_F(LeaseTable, LetsALeaseOutliveItsConnectionForItsGrace) {
  auto mine = bound(order(1, 5s));
  auto expected = row(mine);
  expected.deadline = start + 3s + 5s;
  EXPECT_EQ(table.drop(alice, start + 3s), told(lease_orphaned{expected}));
  EXPECT_EQ(table.check(mine, start + 7s), errc::ok);
  auto decision = table.expire(start + 8s);
  EXPECT_EQ(decision, told(lease_ended{ended(mine), end_reason::client_gone}));
}

TEST_F(LeaseTable, NeverLengthensALeaseByItsGrace) {
  auto mine = bound(order(1, 30s));
  table.drop(alice, start + 1s);
  EXPECT_EQ(row(mine).deadline, start + 20s);
  EXPECT_EQ(table.drop(alice, start + 2s), told());
}

TEST_F(LeaseTable, GivesAClientThatIsBackInTimeItsLeasesAgain) {
  auto mine = bound(order(1, 5s));
  table.drop(alice, start);
  auto expected = row(mine);
  expected.deadline = start + 4s + 20s;
  EXPECT_EQ(table.join(alice, start + 4s), told(lease_renewed{expected}));
  EXPECT_EQ(table.join(alice, start + 5s), told());
  auto decision = table.expire(start + 24s);
  EXPECT_EQ(decision, told(lease_ended{ended(mine), end_reason::expired}));
}

TEST_F(LeaseTable, GivesAClientThatIsBackTooLateNothing) {
  auto mine = bound(order(1, 5s));
  table.drop(alice, start);
  auto decision = table.join(alice, start + 5s);
  EXPECT_EQ(decision, told(lease_ended{ended(mine), end_reason::client_gone}));
  EXPECT_TRUE(table.knows(alice));
}

TEST_F(LeaseTable, GoesOnWithTheGraceWhenATabOrAnAnswerComesLate) {
  auto opening = granted(order(1, 5s));
  auto mine = bound(order(2, 5s), other_tab);
  table.drop(alice, start + 1s);
  EXPECT_EQ(table.bind({opening, tab, 1}, start + 2s).verdict, errc::ok);
  EXPECT_EQ(row(opening).deadline, start + 6s);
  EXPECT_EQ(table.touch(mine, start + 2s), told());
  EXPECT_EQ(row(mine).deadline, start + 6s);
}

// -- the fence ----------------------------------------------------------------

TEST_F(LeaseTable, L5_PassesACommandOnlyOfTheLeaseInForce) {
  auto mine = granted(order(1));
  EXPECT_EQ(table.check(mine, start), errc::lease_opening);
  EXPECT_EQ(table.check(older(mine), start), errc::stale_token);
  table.bind({mine, tab, 1}, start);
  EXPECT_EQ(table.check(mine, start + 20s - 1ns), errc::ok);
  EXPECT_EQ(table.check(older(mine), start), errc::stale_token);
  EXPECT_EQ(table.check(mine, start + 20s), errc::lease_gone);
  table.release(mine, start);
  EXPECT_EQ(table.check(mine, start), errc::lease_gone);
  table.closed(mine.lease);
  EXPECT_EQ(table.check(mine, start), errc::lease_gone);
}

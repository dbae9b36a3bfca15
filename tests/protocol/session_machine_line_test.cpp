// What becomes of runs while there is no tab to be had.

#include "tests/protocol/session_fixture.hpp"

using namespace berth::protocol;
using namespace berth::protocol::test;

using SessionLine = SessionFixture;

namespace {

const failure full = [] {
  auto result = fail(errc::capacity, "Full.");
  result.retry_after = 20s;
  return result;
}();

const failure absent = [] {
  auto result = fail(errc::browser_unavailable, "It starts.");
  result.retry_after = 20s;
  return result;
}();

} // namespace

TEST_F(SessionLine, Q1_WaitsForATabAndStartsWhenOneComesFree) {
  auto mine = sending().run;
  auto refused = report(tab_refused{full});
  EXPECT_EQ(refused.events,
            (std::vector<session_event>{
              run_ended{mine}, run_queued{mine, hold_reason::capacity, 0}}));
  EXPECT_EQ(refused.acts, (std::vector<session_act>{join_line{{mine, 1}}}));
  auto next = send(words("next")).run;
  EXPECT_EQ(row(next).hold, hold_reason::capacity);
  EXPECT_EQ(all<run_started>(machine.line_left({}, now)),
            (std::vector{run_started{{mine, 2}, "a", start + 600s}}));
}

TEST_F(SessionLine, Q1_JoinsTheLineAgainWhenItLostItsPlace) {
  auto mine = sending().run;
  report(tab_refused{full});
  EXPECT_EQ(started(machine.line_left(5s, now)), runs{});
  EXPECT_EQ(started(expire_at(start + 5s)), runs{mine});
  EXPECT_EQ(all<join_line>(report(tab_refused{full})).size(), 1u);
}

TEST_F(SessionLine, LeavesTheLineWhenNobodyWaitsAnyMore) {
  auto mine = sending().run;
  report(tab_refused{full});
  auto next = send(words("next")).run;
  EXPECT_EQ(all<leave_line>(stop({next})), std::vector<leave_line>{});
  EXPECT_EQ(all<leave_line>(stop({mine})).size(), 1u);
  EXPECT_EQ(started(send(words("now"))).size(), 1u);
}

TEST_F(SessionLine, Q1_TriesAgainEvenIfNobodyTellsOfAFreeTab) {
  auto mine = sending(background("slow")).run;
  report(tab_refused{full});
  EXPECT_EQ(started(expire_at(start + 40min - 1ns)), runs{});
  EXPECT_EQ(started(expire_at(start + 40min)), runs{mine});
  report(tab_refused{absent});
  EXPECT_EQ(machine.next_deadline(), start + 40min + 20s);
  EXPECT_EQ(started(expire_at(start + 40min + 20s)), runs{mine});
  report(tab_refused{fail(errc::browser_unavailable, "No idea until when.")});
  EXPECT_EQ(machine.next_deadline(), start + 40min + 21s);
}

TEST_F(SessionLine, T5_FailsWithoutATabIfItMayNotWait) {
  auto what = words("now");
  what.wait = {};
  auto mine = send(what).run;
  EXPECT_EQ(all<run_settled>(report(tab_refused{full})).size(), 1u);
  EXPECT_EQ(row(mine).why, full);
  EXPECT_EQ(machine.row().owner, run_id{});
}

TEST_F(SessionLine, T5_SaysWhatIsMissingToOneWhoCannotWaitForATab) {
  auto mine = sending().run;
  auto why = full;
  why.retry_after = 20min;
  report(tab_refused{why});
  auto what = words("now");
  what.wait = {};
  EXPECT_EQ(send(what).why, why);
  EXPECT_EQ(started(expire_at(start + 10min)), runs{});
  EXPECT_EQ(row(mine).why, why);
}

TEST_F(SessionLine, Q1_StartsAWaitingRunLateRatherThanNever) {
  auto mine = sending().run;
  report(tab_refused{full});
  machine = session_machine{machine.row(), {}, now};
  EXPECT_EQ(started(expire_at(start + 10min)), runs{mine});
}

TEST_F(SessionLine, Q1_LetsNobodyPastARunThatIsAboutToStart) {
  auto mine = sending().run;
  report(tab_refused{absent});
  now = start + 20s;
  auto what = words("now");
  what.wait = {};
  EXPECT_EQ(send(what).why, absent);
  EXPECT_EQ(started(send(words("later"))), runs{mine});
}

TEST_F(SessionLine, LooksForATabOfAnotherProviderAtOnce) {
  auto mine = sending().run;
  report(tab_refused{full});
  EXPECT_EQ(all<run_started>(machine.switch_to({"b"}, now)),
            (std::vector{run_started{{mine, 2}, "b", start + 600s}}));
}

TEST_F(SessionLine, EndsAStoppedOrPreemptedRunThatFindsNoTab) {
  auto slow = sending(background("slow")).run;
  auto quick = send(words("quick")).run;
  EXPECT_EQ(started(report(tab_refused{full})), runs{quick});
  EXPECT_EQ(row(slow).hold, hold_reason::preempted);
  stop();
  EXPECT_EQ(started(report(tab_refused{full})), runs{slow});
}

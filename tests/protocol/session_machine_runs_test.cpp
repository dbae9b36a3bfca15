// What becomes of runs: stop, interrupt, background work, and the end.

#include "tests/protocol/session_fixture.hpp"

using namespace berth::protocol;
using namespace berth::protocol::test;

using SessionRuns = SessionFixture;

// -- stop ---------------------------------------------------------------------

TEST_F(SessionRuns, Q3_StopsAQueuedRunForGood) {
  polling();
  auto mine = send(words("mine", {2})).run;
  auto decision = stop(mine);
  EXPECT_EQ(decision.run, mine);
  EXPECT_EQ(state_of(mine), session_state::interrupted);
  auto told = all<answer_waiter>(decision);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].why.code, errc::run_stopped);
  EXPECT_EQ(told[0].state, session_state::interrupted);
  EXPECT_TRUE(all<halt_run>(decision).empty());
  EXPECT_EQ(started(complete()), runs{});
}

TEST_F(SessionRuns, Q3_StopsARunWhileItsPromptIsOnTheWay) {
  auto mine = sending(words("hello", {1}));
  auto decision = stop();
  EXPECT_EQ(decision.run, mine.run);
  EXPECT_EQ(state_of(mine.run), session_state::stopping);
  EXPECT_EQ(machine.state(), session_state::stopping);
  EXPECT_EQ(all<halt_run>(decision), std::vector{halt_run{mine}});
  EXPECT_EQ(all<answer_waiter>(decision).size(), 1u);
  // The prompt went out at the same time: there is something to stop now.
  EXPECT_EQ(all<halt_run>(report(prompt_seen{})), std::vector{halt_run{mine}});
  decision = report(page_ended{});
  EXPECT_EQ(decision.events, (std::vector<session_event>{run_ended{mine.run}}));
  EXPECT_EQ(state_of(mine.run), session_state::interrupted);
}

TEST_F(SessionRuns, Q3_IgnoresWhatAStoppedRunStillBrings) {
  auto mine = polling();
  report(answer_seen{10});
  stop();
  EXPECT_TRUE(report(answer_seen{20}).events.empty());
  auto decision = report(answer_done{"too late"});
  EXPECT_EQ(decision.events, (std::vector<session_event>{run_ended{mine.run}}));
  EXPECT_EQ(state_of(mine.run), session_state::interrupted);
  EXPECT_EQ(row(mine.run).answer, "");
  EXPECT_EQ(row(mine.run).length, 10u);
}

TEST_F(SessionRuns, Q3_AimsAStopAtOneRunOnly) {
  auto mine = polling().run;
  auto next = send(words("next")).run;
  stop(mine);
  EXPECT_EQ(stop(mine).acts, std::vector<session_act>{});
  EXPECT_EQ(started(report(page_ended{})), runs{next});
  EXPECT_EQ(stop(mine).run, mine);
  EXPECT_EQ(state_of(next), session_state::sending);
  report(prompt_seen{});
  complete();
  EXPECT_EQ(state_of(next), session_state::complete);
}

TEST_F(SessionRuns, Q3_HasNothingToStopWhenNothingIsUnderWay) {
  EXPECT_EQ(stop().why.code, errc::run_unknown);
  EXPECT_EQ(stop({9}).why.code, errc::run_unknown);
  auto mine = polling().run;
  complete();
  EXPECT_EQ(stop().why.code, errc::run_unknown);
  EXPECT_EQ(stop(mine).events, std::vector<session_event>{});
  EXPECT_EQ(state_of(mine), session_state::complete);
}

TEST_F(SessionRuns, Q3_StopsTheRunThatWaitsForATab) {
  auto mine = sending().run;
  report(tab_refused{fail(errc::capacity, "Full.")});
  auto stopped = stop();
  EXPECT_EQ(stopped.run, mine);
  EXPECT_EQ(all<leave_line>(stopped).size(), 1u);
  EXPECT_EQ(state_of(mine), session_state::interrupted);
  EXPECT_EQ(started(machine.line_left({}, now)), runs{});
}

TEST_F(SessionRuns, NeverDeclaresAStoppedRunOverByItself) {
  auto mine = polling();
  auto next = send(background("next")).run;
  stop();
  EXPECT_EQ(machine.next_deadline(), start + 10s);
  auto decision = expire_at(start + 10s);
  EXPECT_EQ(decision.events,
            (std::vector<session_event>{run_overdue{mine.run}}));
  EXPECT_TRUE(decision.acts.empty());
  EXPECT_EQ(machine.state(), session_state::stopping);
  EXPECT_EQ(started(report(page_ended{})), runs{next});
}

// -- interrupt ----------------------------------------------------------------

TEST_F(SessionRuns, Q2_StartsTheReplacementOnlyAfterTheEndWasSeen) {
  auto old = polling(words("old", {1}));
  send(words("patient"));
  auto decision = send(interrupt("new"));
  auto mine = decision.run;
  session_decision expected;
  expected.run = mine;
  auto why = fail(errc::run_superseded, "A later prompt took its place.");
  why.owner = mine.value;
  expected.events
    = {run_settled{old.run, session_state::interrupted, errc::run_superseded},
       run_queued{mine, hold_reason::superseding, 0}};
  expected.acts
    = {answer_waiter{{1}, alice, old.run, session_state::interrupted, why},
       halt_run{old}};
  EXPECT_EQ(decision, expected);
  EXPECT_EQ(started(report(page_ended{})), runs{mine});
}

TEST_F(SessionRuns, Q2_QueuesTheReplacementWithAReasonIfTheOldOneGoesOn) {
  auto old = polling().run;
  auto mine = send(interrupt("new")).run;
  EXPECT_EQ(expire_at(start + 10s).events,
            (std::vector<session_event>{
              run_overdue{old}, run_queued{mine, hold_reason::not_ended, 0}}));
  EXPECT_EQ(row(mine).hold, hold_reason::not_ended);
  EXPECT_EQ(started(report(answer_done{"late"})), runs{mine});
  EXPECT_EQ(state_of(old), session_state::interrupted);
}

TEST_F(SessionRuns, Q2_SaysAtOnceThatTheOldOneIsOverdue) {
  polling();
  stop();
  expire_at(start + 10s);
  auto decision = send(interrupt("new"));
  EXPECT_EQ(all<run_queued>(decision)[0].why, hold_reason::not_ended);
  EXPECT_TRUE(decision.acts.empty());
}

TEST_F(SessionRuns, Q2_ReplacesTheReplacement) {
  auto old = polling().run;
  auto first = send(interrupt("first")).run;
  auto second = send(interrupt("second")).run;
  EXPECT_EQ(row(first).why.code, errc::run_superseded);
  EXPECT_EQ(row(first).why.owner, second.value);
  EXPECT_EQ(row(old).why.owner, first.value);
  // What is over is not put on hold again.
  EXPECT_EQ(all<run_queued>(expire_at(start + 10s)).size(), 1u);
  EXPECT_EQ(started(report(page_ended{})), runs{second});
  report(prompt_seen{});
  EXPECT_EQ(started(complete()), runs{});
}

TEST_F(SessionRuns, Q2_StartsNoRetryOfASupersededBackgroundRun) {
  auto old = polling(background("old")).run;
  auto early = send(words("early")).run;
  EXPECT_EQ(state_of(old), session_state::stopping);
  auto mine = send(interrupt("mine")).run;
  EXPECT_EQ(row(old).result, session_state::interrupted);
  EXPECT_EQ(started(report(page_ended{})), runs{mine});
  report(prompt_seen{});
  EXPECT_EQ(started(complete()), runs{early});
  report(prompt_seen{});
  EXPECT_EQ(started(complete()), runs{});
}

TEST_F(SessionRuns, StartsAnInterruptAtOnceWhenNothingIsUnderWay) {
  EXPECT_EQ(started(send(interrupt("now"))), runs{{1}});
}

TEST_F(SessionRuns, WaitsWithAnInterruptAsLongAsItTakes) {
  polling();
  auto what = interrupt("new");
  what.wait = 1s;
  auto mine = send(what).run;
  EXPECT_TRUE(all<run_settled>(expire_at(start + 60s)).empty());
  EXPECT_EQ(started(report(page_ended{})), runs{mine});
}

// -- background ---------------------------------------------------------------

TEST_F(SessionRuns, Q5_PutsInteractiveRunsBeforeBackgroundOnes) {
  polling();
  auto slow = send(background("slow"));
  EXPECT_EQ(all<run_queued>(slow)[0].ahead, 0u);
  auto quick = send(words("quick")).run;
  EXPECT_EQ(started(complete()), runs{quick});
  report(prompt_seen{});
  EXPECT_EQ(started(complete()), runs{slow.run});
}

TEST_F(SessionRuns, Q5_RunsAPreemptedRunLaterExactlyOnce) {
  auto slow = polling(background("slow"));
  auto decision = send(words("quick"));
  auto quick = decision.run;
  EXPECT_EQ(decision.events, (std::vector<session_event>{
                               run_yielding{slow.run},
                               run_queued{quick, hold_reason::busy, 0}}));
  EXPECT_EQ(decision.acts, (std::vector<session_act>{halt_run{slow}}));
  decision = report(page_ended{});
  EXPECT_EQ(decision.events, (std::vector<session_event>{
                               run_ended{slow.run},
                               run_queued{slow.run, hold_reason::preempted, 1},
                               run_started{{quick, 1}, "a", start + 600s}}));
  EXPECT_EQ(state_of(slow.run), session_state::queued);
  report(prompt_seen{});
  EXPECT_EQ(all<run_started>(complete()),
            (std::vector{run_started{{slow.run, 2}, "a", start + 600s}}));
  EXPECT_EQ(report_of(slow, answer_done{"old"}).why.code, errc::run_stale);
  report(prompt_seen{});
  complete("at last");
  EXPECT_EQ(row(slow.run).answer, "at last");
  EXPECT_EQ(machine.row().owner, run_id{});
}

TEST_F(SessionRuns, Q5_ToldOnceToGiveWayIsEnough) {
  polling(background("slow"));
  send(words("one"));
  auto decision = send(words("two"));
  EXPECT_TRUE(decision.acts.empty());
  EXPECT_TRUE(all<run_yielding>(decision).empty());
}

TEST_F(SessionRuns, Q5_TakesAnAnswerThatComesBeforeItHasGivenWay) {
  auto slow = polling(background("slow")).run;
  auto quick = send(words("quick")).run;
  EXPECT_EQ(started(complete("just in time")), runs{quick});
  EXPECT_EQ(state_of(slow), session_state::complete);
  report(prompt_seen{});
  EXPECT_EQ(started(complete()), runs{});
}

TEST_F(SessionRuns, Q5_NeverStartsACancelledRunAgain) {
  auto slow = polling(background("slow")).run;
  auto quick = send(words("quick")).run;
  EXPECT_TRUE(stop(slow).acts.empty());
  EXPECT_EQ(started(report(page_ended{})), runs{quick});
  EXPECT_EQ(state_of(slow), session_state::interrupted);
  report(prompt_seen{});
  EXPECT_EQ(started(complete()), runs{});
}

TEST_F(SessionRuns, Q5_LetsOneInThatDoesNotWaitWhenTheOwnerGivesWay) {
  polling(background("slow"));
  auto what = words("quick");
  what.wait = {};
  auto quick = send(what).run;
  EXPECT_EQ(send(what).why.code, errc::session_busy);
  EXPECT_EQ(started(report(page_ended{})), runs{quick});
  EXPECT_EQ(send(what).why.code, errc::session_busy);
}

TEST_F(SessionRuns, Q5_LeavesOtherBackgroundRunsAlone) {
  auto slow = polling(background("slow")).run;
  auto decision = send(background("slower"));
  EXPECT_TRUE(decision.acts.empty());
  EXPECT_EQ(state_of(slow), session_state::polling);
}

TEST_F(SessionRuns, Q5_StartsAScheduledRunWhenItsTimeHasCome) {
  auto what = words("later");
  what.delay = 1h;
  auto decision = send(what);
  EXPECT_EQ(decision.events, (std::vector<session_event>{run_queued{
                               decision.run, hold_reason::not_due, 0}}));
  EXPECT_TRUE(row(decision.run).background);
  polling();
  complete();
  EXPECT_EQ(machine.next_deadline(), start + 1h);
  EXPECT_EQ(expire_at(start + 1h - 1ns), session_decision{});
  EXPECT_EQ(started(expire_at(start + 1h)), runs{decision.run});
}

TEST_F(SessionRuns, Q5_RunsAPreemptedRunLaterAfterARestartToo) {
  auto slow = polling(background("slow")).run;
  stop(send(words("quick")).run);
  machine = session_machine{machine.row(), {}, now};
  machine.reattach({}, now);
  EXPECT_EQ(report(tab_back{}).acts,
            (std::vector<session_act>{halt_run{ref()}}));
  EXPECT_EQ(started(report(page_ended{})), runs{slow});
}

TEST_F(SessionRuns, Q5_NeverResendsAPreemptedPromptThatMayBeThere) {
  sending(background("slow"));
  report(page_named{address, ""});
  auto slow = ref().run;
  auto quick = send(words("quick")).run;
  report(tab_gone{loss_cause::crashed});
  EXPECT_EQ(report(tab_back{}).acts,
            (std::vector<session_act>{halt_run{ref()}}));
  EXPECT_EQ(started(report(page_ended{})), runs{quick});
  EXPECT_EQ(row(slow).why.code, errc::send_unconfirmed);
  EXPECT_EQ(state_of(slow), session_state::failed);
}

// -- what belongs to one run --------------------------------------------------

TEST_F(SessionRuns, Q6_KeepsTheValuesOfEachRunApart) {
  auto first = polling().run;
  report(answer_seen{7});
  complete("one");
  auto second = sending().run;
  EXPECT_EQ(row(second).title, "");
  EXPECT_EQ(row(second).length, 0u);
  EXPECT_EQ(row(second).answer, "");
  report(page_failed{fail(errc::rate_limited, "Slow down.")});
  EXPECT_EQ(row(second).why.code, errc::rate_limited);
  EXPECT_EQ(row(first).answer, "one");
  EXPECT_EQ(row(first).title, "Talk");
  EXPECT_EQ(row(first).why, failure{});
}

TEST_F(SessionRuns, Q6_StartsAPreemptedRunAfresh) {
  auto slow = polling(background("slow")).run;
  report(answer_seen{7});
  send(words("quick"));
  report(page_ended{});
  report(prompt_seen{});
  complete();
  EXPECT_EQ(row(slow).length, 0u);
  EXPECT_EQ(row(slow).title, "");
}

// What the page side reports: epochs, the answer, lost tabs, and time.

#include "tests/protocol/session_fixture.hpp"

using namespace berth::protocol;
using namespace berth::protocol::test;

using SessionReports = SessionFixture;

namespace {

session_decision refused(const session_decision& like) {
  session_decision result;
  result.run = like.run;
  result.why = like.why;
  return result;
}

const failure full = [] {
  auto result = fail(errc::capacity, "Full.");
  result.retry_after = 20s;
  return result;
}();

} // namespace

// -- epochs -------------------------------------------------------------------

TEST_F(SessionReports, T3_RefusesAnOldEpochAndChangesNothing) {
  auto old = polling();
  complete("one");
  auto mine = polling();
  auto before = machine.row().runs;
  for (auto from : {old, run_ref{mine.run, mine.leg + 1}, run_ref{{9}, 1}}) {
    auto decision = report_of(from, answer_done{"not mine"});
    EXPECT_EQ(decision.why.code, errc::run_stale);
    EXPECT_EQ(decision, refused(decision));
  }
  EXPECT_EQ(machine.row().runs, before);
}

TEST_F(SessionReports, T3_NeverRevertsACompleteRun) {
  auto mine = polling();
  complete("whole");
  EXPECT_EQ(report_of(mine, answer_done{"other"}).why.code, errc::run_stale);
  EXPECT_EQ(report_of(mine, page_failed{full}).why.code, errc::run_stale);
  EXPECT_EQ(report_of(mine, page_named{"x", "y"}).why.code, errc::run_stale);
  EXPECT_EQ(report_of(mine, tab_gone{}).why.code, errc::run_stale);
  expire_at(start + 2h);
  EXPECT_EQ(machine.state(), session_state::complete);
  EXPECT_EQ(row(mine.run).answer, "whole");
}

TEST_F(SessionReports, RefusesWhatCannotBeTrueNow) {
  sending();
  for (const auto& decision :
       {report(prompt_missing{}), report(answer_seen{1}), complete(),
        report(tab_back{}), report(page_failed{}), report(page_named{}),
        report(tab_refused{})}) {
    EXPECT_EQ(decision.why.code, errc::invalid_argument);
    EXPECT_EQ(decision, refused(decision));
  }
  report(page_named{address, ""});
  report(prompt_seen{});
  for (const auto& decision :
       {report(prompt_seen{}), report(prompt_missing{}), complete(""),
        report(tab_back{}), report(tab_refused{full})})
    EXPECT_EQ(decision.why.code, errc::invalid_argument);
  EXPECT_EQ(machine.state(), session_state::polling);
  report(tab_gone{loss_cause::crashed});
  for (const auto& decision :
       {report(prompt_seen{}), report(answer_seen{1}), complete(),
        report(page_named{"x", "y"}), report(tab_refused{full})})
    EXPECT_EQ(decision.why.code, errc::invalid_argument);
  EXPECT_EQ(report(tab_back{}).why.code, errc::ok);
  EXPECT_EQ(row(ref().run).url, address);
}

TEST_F(SessionReports, TakesARefusedReportForNoSignOfLife) {
  sending();
  now = start + 1min;
  complete();
  EXPECT_EQ(machine.next_deadline(), start + 180s);
  report(run_alive{});
  EXPECT_EQ(machine.next_deadline(), now + 180s);
}

// -- the answer ---------------------------------------------------------------

TEST_F(SessionReports, FollowsARunFromItsPromptToItsAnswer) {
  auto mine = sending();
  EXPECT_EQ(report(page_named{address, "Talk"}).events,
            (std::vector<session_event>{run_progressed{mine, 0}}));
  auto decision = report(prompt_seen{});
  EXPECT_EQ(decision.events, (std::vector<session_event>{run_confirmed{mine}}));
  EXPECT_EQ(decision.acts, (std::vector<session_act>{follow_run{mine}}));
  EXPECT_EQ(report(answer_seen{12}).events,
            (std::vector<session_event>{run_progressed{mine, 12}}));
  EXPECT_TRUE(report(answer_seen{12}).events.empty());
  EXPECT_TRUE(report(page_named{address, "Talk"}).events.empty());
  EXPECT_EQ(report(page_named{address, "Talk 2"}).events.size(), 1u);
  EXPECT_EQ(complete("whole").events,
            (std::vector<session_event>{
              run_settled{mine.run, session_state::complete, errc::ok},
              run_ended{mine.run}}));
  EXPECT_EQ(row(mine.run).answer, "whole");
  EXPECT_EQ(row(mine.run).length, 12u);
  EXPECT_EQ(machine.state(), session_state::complete);
}

TEST_F(SessionReports, TellsWhyARunFailed) {
  auto mine = sending(words("hello", {1})).run;
  auto why = fail(errc::login_required, "Log in.");
  auto decision = report(page_failed{why});
  EXPECT_EQ(
    all<answer_waiter>(decision),
    (std::vector{answer_waiter{{1}, alice, mine, session_state::failed, why}}));
  EXPECT_EQ(row(mine).state, session_state::failed);
  EXPECT_EQ(row(mine).why, why);
}

TEST_F(SessionReports, TakesAnAnswerThatEndedByItselfForInterrupted) {
  auto mine = polling().run;
  report(page_ended{});
  EXPECT_EQ(row(mine).state, session_state::interrupted);
  EXPECT_EQ(row(mine).why.code, errc::run_stopped);
}

TEST_F(SessionReports, KeepsTheAddressThatAStoppedRunGotLate) {
  sending();
  stop();
  report(page_named{address, "Late"});
  EXPECT_EQ(row(ref().run).title, "");
  report(page_ended{});
  EXPECT_EQ(all<begin_run>(send(words("more")))[0].url, address);
}

// -- lost tabs ----------------------------------------------------------------

TEST_F(SessionReports, T1_MakesOneTabAndGoesOnWithTheAnswer) {
  auto before = polling(words("hello", {1}));
  auto decision = report(tab_gone{loss_cause::crashed});
  run_ref after{before.run, before.leg + 1};
  EXPECT_EQ(decision.events, (std::vector<session_event>{
                               run_adrift{after, loss_cause::crashed}}));
  EXPECT_EQ(decision.acts, (std::vector<session_act>{recovery(after)}));
  EXPECT_EQ(report_of(before, tab_gone{}).why.code, errc::run_stale);
  EXPECT_TRUE(machine.reattach({}, now).acts.empty());
  decision = report(tab_back{});
  EXPECT_EQ(decision.events, (std::vector<session_event>{run_resumed{after}}));
  EXPECT_EQ(decision.acts, (std::vector<session_act>{follow_run{after}}));
  EXPECT_EQ(all<answer_waiter>(complete()).size(), 1u);
}

TEST_F(SessionReports, T1_LooksForAPromptWhoseTabDiedAndNeverSendsItAgain) {
  sending();
  report(page_named{address, ""});
  report(tab_gone{loss_cause::crashed});
  EXPECT_EQ(machine.state(), session_state::confirming);
  auto decision = report(tab_back{});
  EXPECT_EQ(decision.acts, (std::vector<session_act>{confirm_prompt{ref()}}));
  decision = report(prompt_seen{});
  EXPECT_EQ(decision.acts, (std::vector<session_act>{follow_run{ref()}}));
  EXPECT_EQ(machine.state(), session_state::polling);
}

TEST_F(SessionReports, T1_SaysSoWhenAPromptCannotBeConfirmed) {
  auto mine = sending(words("hello", {1})).run;
  report(page_named{address, ""});
  report(tab_gone{loss_cause::crashed});
  report(tab_back{});
  auto decision = report(prompt_missing{});
  EXPECT_EQ(all<answer_waiter>(decision)[0].why.code, errc::send_unconfirmed);
  EXPECT_EQ(state_of(mine), session_state::failed);
  EXPECT_EQ(machine.row().owner, run_id{});
}

TEST_F(SessionReports, T1_MakesNoTabForAConversationWithoutAnAddress) {
  auto first = sending().run;
  auto decision = report(tab_gone{loss_cause::crashed});
  EXPECT_TRUE(decision.acts.empty());
  EXPECT_EQ(row(first).why.code, errc::send_unconfirmed);
  auto second = sending().run;
  report(prompt_seen{});
  report(tab_gone{loss_cause::destroyed});
  EXPECT_EQ(row(second).why.code, errc::tab_lost);
  EXPECT_EQ(row(second).why.cause, loss_cause::destroyed);
  EXPECT_EQ(row(second).why.generation, 1u);
  EXPECT_FALSE(row(second).why.restorable);
}

TEST_F(SessionReports, GivesUpARunThatLosesEveryTab) {
  auto mine = polling().run;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(report(tab_gone{loss_cause::crashed}).acts.size(), 1u);
    report(tab_back{});
  }
  auto decision = report(tab_gone{loss_cause::crashed});
  EXPECT_TRUE(decision.acts.empty());
  EXPECT_EQ(row(mine).why.code, errc::tab_lost);
  EXPECT_EQ(state_of(mine), session_state::failed);
}

TEST_F(SessionReports, T1_TakesTheLossOfTheNewTabForOneMore) {
  polling();
  report(tab_gone{loss_cause::crashed});
  auto decision = report(tab_gone{loss_cause::browser_gone});
  EXPECT_EQ(decision.acts, (std::vector<session_act>{recovery(ref())}));
  EXPECT_EQ(row(ref().run).tabs_lost, 2u);
}

TEST_F(SessionReports, Q3_StopsInTheNewTabWhatWasStoppedWithoutOne) {
  auto mine = polling().run;
  report(tab_gone{loss_cause::crashed});
  EXPECT_TRUE(stop().acts.empty());
  EXPECT_EQ(report(tab_back{}).acts,
            (std::vector<session_act>{halt_run{ref()}}));
  report(page_ended{});
  EXPECT_EQ(state_of(mine), session_state::interrupted);
}

// -- time ---------------------------------------------------------------------

TEST_F(SessionReports, T6_TakesASilentTabForLost) {
  polling();
  now = start + 100s;
  report(run_alive{});
  EXPECT_EQ(machine.next_deadline(), start + 280s);
  EXPECT_EQ(expire_at(start + 280s - 1ns), session_decision{});
  auto decision = expire_at(start + 280s);
  EXPECT_EQ(decision.events, (std::vector<session_event>{
                               run_adrift{ref(), loss_cause::unresponsive}}));
  EXPECT_EQ(decision.acts, (std::vector<session_act>{recovery(ref())}));
}

TEST_F(SessionReports, T6_EndsARunAtItsDeadlineAndTellsItToStop) {
  auto what = words("hello", {1});
  what.timeout = 60s;
  auto mine = polling(what);
  auto next = send(words("next")).run;
  EXPECT_EQ(machine.next_deadline(), start + 60s);
  EXPECT_EQ(expire_at(start + 60s - 1ns), session_decision{});
  auto decision = expire_at(start + 60s);
  auto told = all<answer_waiter>(decision);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].state, session_state::timed_out);
  EXPECT_EQ(told[0].why.code, errc::run_timed_out);
  EXPECT_EQ(all<halt_run>(decision), std::vector{halt_run{mine}});
  EXPECT_EQ(started(report(page_ended{})), runs{next});
  EXPECT_EQ(state_of(mine.run), session_state::timed_out);
}

TEST_F(SessionReports, T6_DiscardsTheTabOfARunThatOutlivesItsGrace) {
  auto what = words("hello");
  what.timeout = 60s;
  auto mine = polling(what);
  auto next = send(words("next")).run;
  expire_at(start + 60s);
  EXPECT_EQ(machine.next_deadline(), start + 70s);
  expire_at(start + 70s);
  report(run_alive{});
  EXPECT_EQ(machine.next_deadline(), start + 180s);
  auto decision = expire_at(start + 180s);
  EXPECT_EQ(decision.acts, (std::vector<session_act>{discard_tab{mine}}));
  EXPECT_EQ(machine.next_deadline(), start + 360s);
  EXPECT_EQ(started(report(tab_gone{loss_cause::closed})), runs{next});
}

TEST_F(SessionReports, Q1_FreesTheSessionEvenIfThePageSideSaysNothingMore) {
  auto mine = sending(words("hello", {1})).run;
  auto next = send(background("next")).run;
  auto decision = expire_at(start + 180s);
  EXPECT_EQ(all<discard_tab>(decision).size(), 1u);
  EXPECT_EQ(row(mine).result, session_state::failed);
  EXPECT_EQ(all<answer_waiter>(decision)[0].why.code, errc::send_unconfirmed);
  EXPECT_EQ(machine.state(), session_state::stopping);
  EXPECT_EQ(report(tab_back{}).why.code, errc::invalid_argument);
  EXPECT_EQ(machine.next_deadline(), start + 360s);
  EXPECT_EQ(started(expire_at(start + 360s)), runs{next});
}

TEST_F(SessionReports, Q5_RunsAPreemptedRunLaterEvenIfItsDeadlinePassed) {
  auto what = background("slow");
  what.timeout = 60s;
  auto slow = polling(what).run;
  auto quick = send(words("quick")).run;
  now = start + 50s;
  report(run_alive{});
  EXPECT_TRUE(all<run_settled>(expire_at(start + 60s)).empty());
  EXPECT_EQ(machine.next_deadline(), start + 180s);
  EXPECT_EQ(all<discard_tab>(expire_at(start + 180s)).size(), 1u);
  EXPECT_EQ(started(report(tab_gone{})), runs{quick});
  EXPECT_EQ(state_of(slow), session_state::queued);
}

TEST_F(SessionReports, T6_KeepsARunAliveForAnExplicit5400Seconds) {
  auto what = words("long", {1});
  what.timeout = 5400s;
  auto mine = polling(what).run;
  for (auto at = start; at < start + 5390s; at += 60s) {
    now = at;
    EXPECT_EQ(report(run_alive{}).why.code, errc::ok);
    EXPECT_EQ(machine.expire(now), session_decision{});
  }
  EXPECT_EQ(all<answer_waiter>(complete("slow")).size(), 1u);
  EXPECT_EQ(state_of(mine), session_state::complete);
}

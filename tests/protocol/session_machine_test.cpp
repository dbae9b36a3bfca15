#include "protocol/session_machine.hpp"

#include "tests/protocol/session_fixture.hpp"

using namespace berth::protocol;
using namespace berth::protocol::test;

using SessionMachine = SessionFixture;

// -- send ---------------------------------------------------------------------

TEST_F(SessionMachine, StartsARunAtOnceWhenTheSessionIsFree) {
  EXPECT_EQ(machine.state(), session_state::fresh);
  auto decision = send(words("hello"));
  session_decision expected;
  expected.run = {1};
  expected.events = {run_started{{{1}, 1}, "a", start + 600s}};
  expected.acts
    = {begin_run{{{1}, 1}, "a", "", {"hello", {}, "", ""}, start + 720s}};
  EXPECT_EQ(decision, expected);
  EXPECT_EQ(machine.state(), session_state::sending);
}

TEST_F(SessionMachine, T6_TakesTheDeadlineOfTheProviderUnlessOneIsAskedFor) {
  session_machine::limits most;
  most.times.of_provider["a"] = {{{"deep", {tier::pro, {}}}}, "deep"};
  machine = session_machine{fresh_row(), most, start};
  EXPECT_EQ(row(sending().run).deadline, start + 3600s);
  stop();
  report(page_ended{});
  auto what = words("again");
  what.timeout = 5400s;
  EXPECT_EQ(row(sending(what).run).deadline, start + 5400s);
}

TEST_F(SessionMachine, RefusesWhatCannotBeSent) {
  session_machine::limits most;
  most.prompt_max = 8;
  machine = session_machine{fresh_row(), most, start};
  EXPECT_EQ(send(words("")).why.code, errc::invalid_argument);
  auto what = words("12345678");
  EXPECT_EQ(send(what).why.code, errc::ok);
  what.what.files = {"x"};
  EXPECT_EQ(send(what).why.code, errc::too_large);
  what = words("hi");
  what.timeout = -1s;
  EXPECT_EQ(send(what).why.code, errc::invalid_argument);
  what.timeout = most.times.explicit_max + 1ns;
  EXPECT_EQ(send(what).why.code, errc::invalid_argument);
  what = interrupt("hi");
  what.background = true;
  EXPECT_EQ(send(what).why.code, errc::invalid_argument);
  what = interrupt("hi");
  what.delay = 1ns;
  EXPECT_EQ(send(what).why.code, errc::invalid_argument);
  what = background("hi");
  what.delay = most.delay_max + 1ns;
  EXPECT_EQ(send(what).why.code, errc::invalid_argument);
  EXPECT_EQ(machine.row().runs.size(), 1u);
}

TEST_F(SessionMachine, T3_TellsWhoHasTheSessionToOneThatDoesNotWait) {
  sending();
  auto what = words("me too");
  what.wait = {};
  auto decision = send(what);
  EXPECT_EQ(decision.why.code, errc::session_busy);
  EXPECT_EQ(decision.why.owner, 1u);
  EXPECT_EQ(decision.why.retry_after, duration{60s});
  EXPECT_TRUE(decision.events.empty() && decision.acts.empty());
  send(words("waits"));
  EXPECT_EQ(send(what).why.retry_after, duration{120s});
}

TEST_F(SessionMachine, T3_ParksAWaiterUntilItsTurn) {
  polling();
  auto second = send(words("second", {2}));
  EXPECT_EQ(all<run_queued>(second),
            (std::vector{run_queued{{2}, hold_reason::busy, 0}}));
  auto third = send(words("third", {3}));
  EXPECT_EQ(all<run_queued>(third),
            (std::vector{run_queued{{3}, hold_reason::busy, 1}}));
  EXPECT_EQ(machine.waiting(), 2u);
  EXPECT_EQ(started(complete()), runs{{2}});
  report(prompt_seen{});
  auto decision = complete("two");
  EXPECT_EQ(
    all<answer_waiter>(decision),
    (std::vector{answer_waiter{{2}, alice, {2}, session_state::complete, {}}}));
  EXPECT_EQ(started(decision), runs{{3}});
}

TEST_F(SessionMachine, T3_EndsAWaitThatTookTooLong) {
  polling();
  auto mine = send(words("mine", {2})).run;
  EXPECT_EQ(machine.next_deadline(), now + 180s);
  report(run_alive{});
  for (auto part : {2min, 4min, 6min, 8min}) {
    now = start + part;
    report(run_alive{});
  }
  EXPECT_EQ(expire_at(start + 10min - 1ns), session_decision{});
  auto decision = expire_at(start + 10min);
  ASSERT_EQ(all<answer_waiter>(decision).size(), 1u);
  auto told = all<answer_waiter>(decision)[0].why;
  EXPECT_EQ(told.code, errc::session_busy);
  EXPECT_EQ(told.owner, 1u);
  EXPECT_EQ(row(mine).result, session_state::failed);
  EXPECT_EQ(started(report(page_ended{})), runs{});
}

TEST_F(SessionMachine, Q1_RefusesTheOneTooManyOfEachKind) {
  polling();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(send(words("i")).why.code, errc::ok);
    EXPECT_EQ(send(background("b")).why.code, errc::ok);
  }
  for (const auto& what : {words("i"), background("b"), interrupt("x")}) {
    auto decision = send(what);
    EXPECT_EQ(decision.why.code, errc::session_queue_full);
    EXPECT_EQ(decision.why.active, 10u);
    EXPECT_EQ(decision.why.cap, 10u);
    EXPECT_EQ(decision.why.owner, 1u);
    EXPECT_TRUE(decision.events.empty() && decision.acts.empty());
  }
  EXPECT_EQ(machine.state(), session_state::polling);
  complete();
  EXPECT_EQ(send(words("i")).why.code, errc::ok);
}

TEST_F(SessionMachine, AnswersASenderOnceItsPromptIsThere) {
  auto what = words("hello", {5});
  what.until = wait_until::sent;
  sending(what);
  auto decision = report(prompt_seen{});
  EXPECT_EQ(
    all<answer_waiter>(decision),
    (std::vector{answer_waiter{{5}, alice, {1}, session_state::polling, {}}}));
  EXPECT_TRUE(all<answer_waiter>(complete()).empty());
}

TEST_F(SessionMachine, ParksNobodyWhoIsAnsweredAtOnce) {
  auto what = words("hello", {5});
  what.until = wait_until::accepted;
  sending(what);
  EXPECT_EQ(machine.waiting(), 0u);
}

TEST_F(SessionMachine, RefusesTheWaiterTooMany) {
  session_machine::limits most;
  most.waiters_max = 2;
  machine = session_machine{fresh_row(), most, start};
  sending(words("hello", {1}));
  EXPECT_EQ(wait_for({}, {2}).why.code, errc::ok);
  auto decision = wait_for({}, {3});
  EXPECT_EQ(decision.why.code, errc::session_queue_full);
  EXPECT_EQ(decision.why.active, 2u);
  EXPECT_EQ(decision.why.cap, 2u);
  decision = send(words("more", {3}));
  EXPECT_EQ(decision.why.code, errc::session_queue_full);
  EXPECT_EQ(decision.why.cap, 2u);
  EXPECT_EQ(send(words("more")).why.code, errc::ok);
  EXPECT_EQ(machine.waiting(), 2u);
}

// -- poll ---------------------------------------------------------------------

TEST_F(SessionMachine, AnswersAPollAtOnceUnlessItWaits) {
  auto mine = polling().run;
  auto decision = machine.poll({bob, {2}, {}, {}}, now);
  EXPECT_EQ(decision.run, mine);
  EXPECT_EQ(machine.waiting(), 0u);
  complete("forty-two");
  decision = wait_for({}, {3});
  EXPECT_EQ(decision.run, mine);
  EXPECT_EQ(machine.waiting(), 0u);
  EXPECT_EQ(row(mine).answer, "forty-two");
}

TEST_F(SessionMachine, AnswersEveryoneWhoPollsWithTheSameResult) {
  auto mine = polling().run;
  for (uint64_t i = 1; i <= 8; ++i)
    EXPECT_EQ(wait_for({}, {i}).run, mine);
  auto told = all<answer_waiter>(complete());
  ASSERT_EQ(told.size(), 8u);
  for (const auto& x : told) {
    EXPECT_EQ(x.state, session_state::complete);
    EXPECT_EQ(x.why, failure{});
  }
  EXPECT_EQ(machine.waiting(), 0u);
}

TEST_F(SessionMachine, TellsAPollThatWaitedLongEnoughHowFarTheRunIs) {
  polling();
  wait_for({}, {2}, 30s);
  EXPECT_EQ(machine.next_deadline(), start + 30s);
  auto decision = expire_at(start + 30s);
  EXPECT_EQ(
    all<answer_waiter>(decision),
    (std::vector{answer_waiter{{2}, bob, {1}, session_state::polling, {}}}));
  EXPECT_TRUE(all<answer_waiter>(complete()).empty());
}

TEST_F(SessionMachine, PollsAQueuedRunByItsIdOnly) {
  auto first = polling().run;
  auto second = send(words("second")).run;
  EXPECT_EQ(wait_for(second, {2}).run, second);
  EXPECT_EQ(wait_for({}, {3}).run, first);
  auto told = all<answer_waiter>(complete());
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].waiter, waiter_id{3});
}

TEST_F(SessionMachine, PollsTheNextRunOfASessionThatHadNone) {
  auto later = background("later");
  later.delay = 1h;
  auto mine = send(later).run;
  EXPECT_EQ(wait_for({}, {2}).run, mine);
}

TEST_F(SessionMachine, KnowsNoRunThatNeverWasOrIsForgotten) {
  EXPECT_EQ(wait_for({}, {2}).why.code, errc::run_unknown);
  for (int i = 0; i < 9; ++i) {
    polling();
    complete();
  }
  EXPECT_EQ(wait_for({1}, {2}).why.code, errc::run_unknown);
  EXPECT_EQ(wait_for({2}, {2}).run, run_id{2});
  EXPECT_EQ(wait_for({10}, {2}).why.code, errc::run_unknown);
  EXPECT_EQ(wait_for({}, {2}).run, run_id{9});
}

TEST_F(SessionMachine, T4_GoesOnWithTheRunOfAClientThatIsGone) {
  polling(words("hello", {5}));
  wait_for({}, {6});
  auto queued = send(words("next", {7})).run;
  auto decision = machine.drop(alice, now);
  auto told = all<answer_waiter>(decision);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].why.code, errc::client_gone);
  EXPECT_TRUE(decision.events.empty());
  decision = complete();
  told = all<answer_waiter>(decision);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].client, bob);
  EXPECT_EQ(started(decision), runs{queued});
}

// -- switch provider ----------------------------------------------------------

TEST_F(SessionMachine, Q4_LeavesTheRunUnderWayItsProvider) {
  auto mine = polling().run;
  stop();
  auto decision = machine.switch_to({"b"}, now);
  EXPECT_EQ(decision.events,
            (std::vector<session_event>{provider_switched{"b"}}));
  EXPECT_TRUE(decision.acts.empty());
  EXPECT_EQ(state_of(mine), session_state::stopping);
  EXPECT_EQ(row(mine).provider, "a");
  auto next = send(words("to b")).run;
  EXPECT_EQ(all<run_settled>(report(page_ended{})).size(), 0u);
  EXPECT_EQ(row(next).provider, "b");
  EXPECT_EQ(state_of(next), session_state::sending);
  EXPECT_EQ(row(mine).provider, "a");
}

TEST_F(SessionMachine, FindsTheConversationOfEachProviderAgain) {
  polling();
  complete();
  machine.switch_to({"b"}, now);
  EXPECT_EQ(all<begin_run>(send(words("to b")))[0].url, "");
  report(page_named{"https://b.example/9", "B"});
  report(prompt_seen{});
  complete();
  machine.switch_to({"a"}, now);
  EXPECT_EQ(all<begin_run>(send(words("to a")))[0].url, address);
}

TEST_F(SessionMachine, SwitchesToNoProviderWithoutAName) {
  EXPECT_EQ(machine.switch_to({""}, now).why.code, errc::invalid_argument);
  EXPECT_EQ(machine.switch_to({"a"}, now), session_decision{});
}

// -- close --------------------------------------------------------------------

TEST_F(SessionMachine, EndsAllOfItsRunsWhenItIsClosed) {
  auto mine = polling(words("hello", {1}));
  auto next = send(words("next", {2})).run;
  wait_for(next, {3});
  auto decision = machine.close({}, now);
  auto told = all<answer_waiter>(decision);
  ASSERT_EQ(told.size(), 3u);
  for (const auto& x : told)
    EXPECT_EQ(x.why.code, errc::session_closed);
  EXPECT_EQ(all<discard_tab>(decision), std::vector{discard_tab{mine}});
  EXPECT_EQ(all<leave_tab>(decision).size(), 1u);
  EXPECT_TRUE(started(decision).empty());
  EXPECT_EQ(machine.state(), session_state::closed);
  EXPECT_EQ(row(next).state, session_state::interrupted);
  EXPECT_EQ(report_of(mine, answer_done{"late"}).why.code, errc::run_stale);
  EXPECT_EQ(machine.next_deadline(), std::nullopt);
}

TEST_F(SessionMachine, TakesNoRequestOnceClosedButShowsItsAnswers) {
  auto mine = polling().run;
  complete("kept");
  EXPECT_TRUE(all<discard_tab>(machine.close({}, now)).empty());
  EXPECT_EQ(machine.close({}, now).why.code, errc::session_closed);
  EXPECT_EQ(send(words("more")).why.code, errc::session_closed);
  EXPECT_EQ(machine.switch_to({"b"}, now).why.code, errc::session_closed);
  EXPECT_EQ(machine.reattach({}, now).why.code, errc::session_closed);
  EXPECT_EQ(wait_for(mine, {2}).run, mine);
  EXPECT_EQ(row(mine).state, session_state::complete);
}

TEST_F(SessionMachine, EndsWhenNobodyHasUsedItForTooLong) {
  polling();
  now += 1min;
  complete();
  EXPECT_EQ(machine.next_deadline(), start + 1min + 24h);
  EXPECT_EQ(expire_at(start + 24h), session_decision{});
  auto decision = expire_at(start + 1min + 24h);
  EXPECT_EQ(decision.events, (std::vector<session_event>{session_ended{true}}));
  EXPECT_EQ(decision.acts, (std::vector<session_act>{leave_tab{}}));
  EXPECT_EQ(machine.state(), session_state::closed);
}

TEST_F(SessionMachine, IsInUseAsLongAsSomethingIsQueued) {
  auto later = background("later");
  later.delay = 48h;
  auto mine = send(later).run;
  EXPECT_EQ(machine.next_deadline(), start + 48h);
  EXPECT_EQ(expire_at(start + 47h), session_decision{});
  EXPECT_EQ(started(expire_at(start + 48h)), runs{mine});
}

// -- reattach -----------------------------------------------------------------

TEST_F(SessionMachine, ShowsItsRunToOneWhoReattaches) {
  EXPECT_EQ(machine.reattach({}, now), session_decision{});
  auto mine = polling().run;
  session_decision expected;
  expected.run = mine;
  EXPECT_EQ(machine.reattach({}, now), expected);
  complete();
  EXPECT_EQ(machine.reattach({}, now), expected);
}

TEST_F(SessionMachine, L2_GoesOnAfterARestartOfTheDaemon) {
  auto before = polling();
  auto next = send(words("next")).run;
  machine = session_machine{machine.row(), {}, now};
  auto decision = machine.reattach({}, now);
  EXPECT_EQ(decision.acts,
            (std::vector<session_act>{recovery({before.run, before.leg + 1})}));
  EXPECT_TRUE(machine.reattach({}, now).acts.empty());
  EXPECT_EQ(report_of(before, answer_done{"old"}).why.code, errc::run_stale);
  EXPECT_EQ(report(tab_back{}).acts,
            (std::vector<session_act>{follow_run{ref()}}));
  EXPECT_EQ(started(complete()), runs{next});
}

TEST_F(SessionMachine, L2_StopsAfterARestartWhatWasStoppingBefore) {
  polling();
  stop();
  machine = session_machine{machine.row(), {}, now};
  EXPECT_EQ(report(tab_back{}).why.code, errc::invalid_argument);
  machine.reattach({}, now);
  EXPECT_EQ(report(tab_back{}).acts,
            (std::vector<session_act>{halt_run{ref()}}));
}

TEST_F(SessionMachine, L2_ClosesTheOldTabOfARunThatCannotGoOn) {
  sending();
  auto next = send(words("next")).run;
  machine = session_machine{machine.row(), {}, now};
  auto decision = machine.reattach({}, now);
  EXPECT_EQ(all<discard_tab>(decision), std::vector{discard_tab{ref()}});
  EXPECT_EQ(all<run_settled>(decision)[0].why, errc::send_unconfirmed);
  EXPECT_EQ(started(report(tab_gone{})), runs{next});
}

TEST_F(SessionMachine, L2_BringsBackNothingThatItHasGivenUp) {
  polling();
  stop();
  machine = session_machine{machine.row(), {}, now};
  now = start + 720s;
  EXPECT_EQ(all<discard_tab>(machine.expire(now)).size(), 1u);
  EXPECT_TRUE(machine.reattach({}, now).acts.empty());
}

TEST_F(SessionMachine, L2_StartsAfterARestartWhatWasQueuedBefore) {
  auto later = background("later");
  later.delay = 1h;
  auto mine = send(later).run;
  machine = session_machine{machine.row(), {}, now};
  EXPECT_TRUE(machine.reattach({}, now).acts.empty());
  now = start + 1h;
  EXPECT_EQ(started(machine.reattach({}, now)), runs{mine});
}

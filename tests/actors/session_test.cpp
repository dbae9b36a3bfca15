// A session among its crew, with a page that does what the test says.

#include "tests/support/session_world.hpp"

#include <set>

namespace berth::tests {

namespace {

class Session : public SessionWorld {
protected:
  /// The page does not send it before the test says so.
  auto ask_until_sent() {
    open();
    pages.of({1}).sends = false;
    auto what = words("hello");
    what.until = wait_until::sent;
    auto result = alice.ask<run_view>(what);
    where.advance(5s);
    return result;
  }
};

send_prompt background(std::string text) {
  auto result = SessionWorld::words(std::move(text));
  result.background = true;
  return result;
}

send_prompt interrupt(std::string text) {
  auto result = SessionWorld::words(std::move(text));
  result.interrupt = true;
  return result;
}

} // namespace

// -- a run --------------------------------------------------------------------

TEST_F(Session, AnswersAQueryWithTheWholeAnswer) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  see(answer_seen{2});
  EXPECT_TRUE(asked->pending());
  EXPECT_EQ(look().state, session_state::polling);
  EXPECT_EQ(look().length, 2u);
  where.advance(3s);
  see(answer_done{"hi there"});
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->times, 1u);
  EXPECT_EQ(asked->value->state, session_state::complete);
  EXPECT_EQ(asked->value->answer, "hi there");
  EXPECT_EQ(asked->value->url, address);
  EXPECT_GE(asked->value->elapsed, duration{3s});
  EXPECT_EQ(look().answer, "hi there");
}

TEST_F(Session, AnswersASendWhenThePromptIsInTheConversation) {
  auto asked = ask_until_sent();
  EXPECT_TRUE(asked->pending());
  see(prompt_seen{});
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->state, session_state::polling);
}

TEST_F(Session, L2_TellsNothingThatIsNotDurableYet) {
  auto asked = ask_until_sent();
  it.journal().slowness = 2s;
  see(prompt_seen{});
  where.advance(1s);
  see(answer_done{"hi there"}); // Is decided, and waits for the disk.
  where.advance(1500ms);
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->state, session_state::polling);
}

TEST_F(Session, TellsWhyARunFailedToAllWhoWait) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  auto also = wait_for(bob);
  see(page_failed{fail(errc::rate_limited, "Too many prompts.")});
  for (auto& x : {asked, also}) {
    ASSERT_TRUE(x->value);
    EXPECT_EQ(x->value->state, session_state::failed);
    EXPECT_EQ(x->value->why.code, errc::rate_limited);
  }
}

TEST_F(Session, Q6_HearsNothingOfARunThatIsOver) {
  open();
  auto first = send(words("one")).run;
  auto old = pages.latest({1});
  see(answer_done{"first"});
  auto second = send(words("two")).run;
  for (auto late : {"late", "later"})
    pages.see_of({1}, old, answer_done{late});
  pages.see_of({1}, old, page_named{"https://chat.example/c/9", "Other"});
  where.settle();
  see(answer_done{"second"});
  EXPECT_EQ(look(first).answer, "first");
  EXPECT_EQ(look(second).answer, "second");
  EXPECT_EQ(look(second).url, address);
}

// -- order --------------------------------------------------------------------

TEST_F(Session, T3_ServesPromptsOneAfterAnother) {
  open();
  std::vector<asked<run_view>> all;
  for (auto text : {"one", "two", "three"})
    all.push_back(alice.ask<run_view>(query(text)));
  where.settle();
  for (uint64_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(begun().size(), i);
    see(answer_done{pages.all<begin_run>({1}).back().what.text});
  }
  std::set<std::string> answers;
  for (auto& x : all) {
    ASSERT_TRUE(x->value);
    answers.insert(x->value->answer);
  }
  EXPECT_EQ(answers.size(), 3u);
}

TEST_F(Session, T3_TellsWhoHasTheSession) {
  open();
  auto owner = send(words("one")).run;
  auto hasty = words("two");
  hasty.wait = {};
  auto why = refused<run_view>(bob, hasty);
  EXPECT_EQ(why.code, errc::session_busy);
  EXPECT_EQ(why.owner, owner.value);
  EXPECT_GT(why.retry_after, duration{0});
}

TEST_F(Session, T3_BlocksNobodyWithWhoeverWaits) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  auto waits = wait_for(bob);
  EXPECT_EQ(now<session_view>(bob, show_session{}).waiting, 2u);
  auto stopped = now<run_view>(bob, stop_run{});
  EXPECT_EQ(stopped.state, session_state::interrupted);
  EXPECT_TRUE(stopped.ending);
  EXPECT_FALSE(look().ending);
  ASSERT_TRUE(asked->value);
  ASSERT_TRUE(waits->value);
  EXPECT_EQ(waits->value->state, session_state::interrupted);
}

TEST_F(Session, T3_AnswersAWaiterWhoseTimeIsOver) {
  open();
  send(words("hello"));
  auto asked = bob.ask<run_view>(poll_run{{}, {}, {}, 30s});
  where.advance(29s);
  EXPECT_TRUE(asked->pending());
  where.advance(2s);
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->state, session_state::polling);
  EXPECT_EQ(asked->answered - asked->asked, duration{30s});
}

TEST_F(Session, T3_HasAPlaceForSoManyCallsAndNoMore) {
  open();
  send(words("hello"));
  std::vector<asked<run_view>> all;
  for (int i = 0; i < 64; ++i)
    all.push_back(wait_for(i % 2 == 0 ? alice : bob));
  auto why = refused<run_view>(bob, poll_run{{}, {}, {}, 1h});
  EXPECT_EQ(why.code, errc::session_queue_full);
  EXPECT_EQ(why.cap, 64u);
  see(answer_done{"hi"});
  for (auto& x : all) {
    ASSERT_TRUE(x->value);
    EXPECT_EQ(x->value->answer, "hi");
    EXPECT_EQ(x->times, 1u);
  }
}

// -- clients ------------------------------------------------------------------

TEST_F(Session, T4_GoesOnWithoutItsClient) {
  open();
  send(words("hello"));
  alice.die();
  where.advance(90s);
  see(answer_done{"hi"});
  EXPECT_EQ(look().answer, "hi");
}

TEST_F(Session, Q1_StartsWhatADeadClientQueued) {
  open();
  send(words("one"));
  send(words("two"));
  alice.die();
  where.advance(1s);
  see(answer_done{"first"});
  EXPECT_EQ(begun(), (numbers{1, 2}));
}

TEST_F(Session, EndsTheCallsOfAClientThatIsGoneAndNoOthers) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  auto other = wait_for(bob);
  alice.die();
  where.advance(1s);
  EXPECT_EQ(now<session_view>(bob, show_session{}).waiting, 1u);
  see(answer_done{"hi"});
  ASSERT_TRUE(other->value);
  EXPECT_EQ(other->value->answer, "hi");
}

// -- ends of runs -------------------------------------------------------------

TEST_F(Session, Q3_StopsARunThatIsBeingSent) {
  open();
  pages.of({1}).sends = false;
  pages.of({1}).stops = false;
  auto mine = send(words("hello")).run;
  EXPECT_TRUE(now<run_view>(bob, stop_run{}).ending);
  see(prompt_seen{});
  EXPECT_TRUE(pages.all<follow_run>({1}).empty());
  see(page_ended{});
  EXPECT_EQ(look(mine).state, session_state::interrupted);
  EXPECT_FALSE(look(mine).ending);
  EXPECT_EQ(look(mine).why.code, errc::run_stopped);
}

TEST_F(Session, Q3_StopsARunThatHasNotStarted) {
  open();
  send(words("one"));
  auto mine = send(words("two")).run;
  EXPECT_EQ(now<run_view>(bob, stop_run{mine}).state,
            session_state::interrupted);
  see(answer_done{"first"});
  EXPECT_EQ(begun(), (numbers{1}));
}

TEST_F(Session, Q2_StartsNothingBeforeTheOldRunWasSeenToEnd) {
  open();
  pages.of({1}).stops = false;
  send(words("one"));
  auto mine = send(interrupt("two"));
  EXPECT_EQ(mine.hold, hold_reason::superseding);
  where.advance(11s);
  EXPECT_EQ(look(mine.run).hold, hold_reason::not_ended);
  EXPECT_EQ(begun(), (numbers{1}));
  see(page_ended{});
  EXPECT_EQ(begun(), (numbers{1, 2}));
  EXPECT_EQ(look({1}).why.code, errc::run_superseded);
}

TEST_F(Session, Q4_StopsTheSameRunWhateverTheProviderIsSwitchedTo) {
  open();
  pages.of({1}).stops = false;
  send(words("one"));
  now<run_view>(bob, stop_run{});
  now<session_view>(bob, switch_provider{"b"});
  auto second = send(words("two")).run;
  see(page_ended{});
  EXPECT_EQ(look({1}).state, session_state::interrupted);
  EXPECT_EQ(look({1}).provider, "a");
  EXPECT_EQ(look(second).provider, "b");
  EXPECT_EQ(pages.all<halt_run>({1}).size(), 1u);
}

TEST_F(Session, Q5_BeginsAPreemptedRunOnceMoreAndACancelledOneNever) {
  open();
  auto slow = send(background("slow")).run;
  auto cancelled = send(background("never")).run;
  auto quick = send(words("quick")).run;
  EXPECT_EQ(begun(), (numbers{slow.value, quick.value}));
  EXPECT_EQ(look(slow).hold, hold_reason::preempted);
  now<run_view>(bob, stop_run{cancelled});
  see(answer_done{"soon"});
  see(answer_done{"late"});
  EXPECT_EQ(begun(), (numbers{slow.value, quick.value, slow.value}));
  EXPECT_EQ(look(slow).answer, "late");
}

TEST_F(Session, Q5_BeginsAScheduledRunAtItsTime) {
  open();
  auto later = words("later");
  later.delay = 1h;
  auto mine = send(later);
  EXPECT_EQ(mine.hold, hold_reason::not_due);
  EXPECT_EQ(mine.due_in, duration{1h});
  where.advance(1h - 1s);
  EXPECT_TRUE(begun().empty());
  where.advance(1s);
  EXPECT_EQ(begun(), (numbers{mine.run.value}));
}

// -- time ---------------------------------------------------------------------

TEST_F(Session, T6_EndsARunAtItsDeadline) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  auto start = where.now();
  EXPECT_EQ(pages.all<begin_run>({1})[0].lease_until, start + 720s);
  for (int i = 0; i < 10; ++i) {
    where.advance(60s - 1ns);
    see(run_alive{});
  }
  EXPECT_TRUE(asked->pending());
  where.advance(10ns);
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->state, session_state::timed_out);
  EXPECT_EQ(asked->value->why.code, errc::run_timed_out);
  EXPECT_EQ(pages.all<halt_run>({1}).size(), 1u);
}

TEST_F(Session, T6_LivesAsLongAsItWasGiven) {
  open();
  auto what = query("think hard");
  what.timeout = 5400s;
  auto asked = alice.ask<run_view>(what);
  where.settle();
  alice.die();
  for (int i = 0; i < 89; ++i) {
    where.advance(60s);
    see(run_alive{});
  }
  EXPECT_EQ(look().state, session_state::polling);
  see(answer_done{"hi"});
  EXPECT_EQ(look().answer, "hi");
}

// -- the tab ------------------------------------------------------------------

TEST_F(Session, T1_GoesOnInANewTab) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  see(protocol::tab_gone{loss_cause::crashed});
  ASSERT_EQ(pages.all<recover_tab_of>({1}).size(), 1u);
  EXPECT_EQ(pages.all<recover_tab_of>({1})[0].url, address);
  EXPECT_EQ(begun(), (numbers{1}));
  see(answer_done{"hi"});
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->answer, "hi");
}

TEST_F(Session, T1_GoesOnWithAnotherPageSide) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  pages.kill({1});
  where.settle();
  EXPECT_EQ(pages.made({1}), 2u);
  EXPECT_EQ(pages.all<recover_tab_of>({1}).size(), 1u);
  EXPECT_EQ(begun(), (numbers{1}));
  see(answer_done{"hi"});
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->answer, "hi");
}

TEST_F(Session, SaysThatAPromptIsUnconfirmedIfItsPageSideDiesTooEarly) {
  open();
  pages.of({1}).sends = false;
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  pages.kill({1});
  where.settle();
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->why.code, errc::send_unconfirmed);
  pages.of({1}).sends = true;
  auto next = send(words("again")).run;
  see(answer_done{"hi"});
  EXPECT_EQ(look(next).answer, "hi");
  EXPECT_EQ(begun(), (numbers{1, next.value}));
}

TEST_F(Session, GivesARunUpWhosePageSideDiesAgainAndAgain) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  for (int i = 0; i < 4; ++i) {
    EXPECT_TRUE(asked->pending());
    pages.kill({1});
    where.settle();
  }
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->why.code, errc::tab_lost);
  EXPECT_EQ(now<session_view>(bob, show_session{}).owner, run_id{});
}

} // namespace berth::tests

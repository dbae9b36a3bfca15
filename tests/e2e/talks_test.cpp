// What is promised of the runs of a session, seen at a real site: what was
// typed there, in which order, and what became of it.

#include "tests/e2e/talk_test.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

using namespace berth;
using namespace berth::tests;

namespace {

const std::string endless = "stream 5000 every 50";

class Talks : public talk_test {
protected:
  /// Another client's prompt takes the place of the run.
  outcome<run_view> interrupt(session_id where, const std::string& text) {
    auto what = order(where, text, wait_until::done);
    what.interrupt = true;
    return berth.connect("other").send(std::move(what));
  }

  run_view begin_in_background(session_id where, const std::string& text) {
    auto what = order(where, text);
    what.background = true;
    return got(me.send(std::move(what)));
  }

  /// A tab of nobody's run asks something in this conversation.
  void ask_beside(const std::string& url, const std::string& text) {
    auto tab = me.acquire();
    ASSERT_TRUE(tab) << tab.error().what;
    ASSERT_TRUE(tab->navigate(url));
    ASSERT_TRUE(tab->wait_visible("#answer-1"));
    ASSERT_TRUE(tab->type("#prompt", text));
    ASSERT_TRUE(tab->click("#send"));
    ASSERT_TRUE(tab->wait_visible("#answer-2 .answer"));
  }
};

} // namespace

// -- Q2 -----------------------------------------------------------------------

TEST_F(Talks, Q2_AReplacementIsTypedWhenTheOldRunWasSeenToEnd) {
  const std::string better = "say better", last = "say last";
  auto where = open();
  auto old = begin(where, endless);
  ASSERT_TRUE(is_writing(where, old.run));
  auto newer = interrupt(where, better);
  EXPECT_TRUE(is_own(newer, better));
  auto left = poll(where, old.run);
  EXPECT_EQ(left.state, session_state::interrupted);
  EXPECT_EQ(left.why.code, errc::run_superseded);
  EXPECT_EQ(left.why.owner, got(newer).run.value);
  // A second try of the old run would come before this.
  auto after = query(where, last);
  EXPECT_TRUE(is_own(after, last));
  EXPECT_EQ(story(where, got(after).run),
            (lines{"run_started 1", "run_confirmed 1",
                   "run_settled 1 interrupted, run.superseded", "run_ended 1",
                   "run_started 2", "run_confirmed 2", "run_settled 2 complete",
                   "run_ended 2", "run_started 3", "run_confirmed 3",
                   "run_settled 3 complete", "run_ended 3"}));
  EXPECT_EQ(arrived(),
            (lines{"taken " + endless, "taken " + better, "taken " + last}));
  EXPECT_EQ(turns_at(got(after).url),
            (lines{"stopped " + endless, "whole " + better, "whole " + last}));
}

/// Not even when nothing waits for its end any more. The site would call a
/// prompt that came too early `busy`.
TEST_F(Talks, Q2_AnAnswerThatDoesNotStopIsNotTalkedOver) {
  const std::string deaf = "deaf; stream 480 every 50", better = "say better";
  auto where = open();
  auto old = begin(where, deaf);
  ASSERT_TRUE(is_writing(where, old.run));
  auto newer = interrupt(where, better);
  EXPECT_TRUE(is_own(newer, better));
  EXPECT_EQ(poll(where, old.run).state, session_state::interrupted);
  EXPECT_EQ(story(where, got(newer).run),
            (lines{"run_started 1", "run_confirmed 1",
                   "run_settled 1 interrupted, run.superseded", "run_ended 1",
                   "run_started 2", "run_confirmed 2", "run_settled 2 complete",
                   "run_ended 2"}));
  EXPECT_EQ(arrived(), (lines{"taken " + deaf, "taken " + better}));
  EXPECT_EQ(turns_at(got(newer).url),
            (lines{"whole " + deaf, "whole " + better}));
}

// -- Q3: in mid-answer, see Sessions.Q3_AreStoppedInMidAnswer -----------------

TEST_F(Talks, Q3_AStoppedRunThatWasQueuedIsNeverTyped) {
  const std::string next = "say next";
  auto where = open();
  auto first = begin(where, endless, wait_until::sent);
  auto second = begin(where, "say never");
  EXPECT_EQ(second.state, session_state::queued);
  auto stopped = stop(where, second.run);
  EXPECT_EQ(stopped.state, session_state::interrupted);
  EXPECT_EQ(stopped.why.code, errc::run_stopped);
  EXPECT_FALSE(stopped.ending);
  EXPECT_EQ(stop(where, first.run).state, session_state::interrupted);
  EXPECT_TRUE(is_own(query(where, next), next));
  EXPECT_EQ(arrived(), (lines{"taken " + endless, "taken " + next}));
}

TEST_F(Talks, Q3_ARunIsStoppedBeforeItIsTyped) {
  const std::string next = "say next";
  auto where = open("late");
  auto mine = begin(where, "say never");
  ASSERT_TRUE(hear(event_kind::run_started, where, mine.run));
  EXPECT_EQ(stop(where, mine.run).state, session_state::interrupted);
  ASSERT_TRUE(hear(event_kind::run_ended, where, mine.run));
  got(me.switch_to({"fixture", where}));
  EXPECT_TRUE(is_own(query(where, next), next));
  EXPECT_EQ(arrived(), (lines{"taken " + next}));
}

/// The site has the prompt, and the page does not show it yet.
TEST_F(Talks, Q3_AStopReachesAPromptThatIsOnItsWay) {
  const std::string slow = "delay 3000; think 10m", next = "say next";
  auto where = open();
  auto mine = begin(where, slow);
  while (arrived().empty())
    poll(where, mine.run, 20ms);
  auto stopped = stop(where, mine.run);
  EXPECT_EQ(stopped.state, session_state::interrupted);
  EXPECT_TRUE(stopped.ending);
  auto after = query(where, next);
  EXPECT_TRUE(is_own(after, next));
  EXPECT_EQ(
    story(where, got(after).run),
    (lines{"run_started 1", "run_settled 1 interrupted, run.stopped",
           "run_confirmed 1", "run_ended 1", "run_started 2", "run_confirmed 2",
           "run_settled 2 complete", "run_ended 2"}));
  EXPECT_EQ(turns_at(got(after).url),
            (lines{"stopped " + slow, "whole " + next}));
}

TEST_F(Talks, Q3_AThinkingRunIsStopped) {
  const std::string thinks = "think 10m; say never", next = "say next";
  auto where = open();
  auto mine = begin(where, thinks, wait_until::sent);
  EXPECT_EQ(mine.state, session_state::polling);
  EXPECT_EQ(stop(where).run, mine.run);
  EXPECT_EQ(poll(where, mine.run).state, session_state::interrupted);
  auto after = query(where, next);
  EXPECT_TRUE(is_own(after, next));
  EXPECT_EQ(turns_at(got(after).url),
            (lines{"stopped " + thinks, "whole " + next}));
}

TEST_F(Talks, Q3_ADoneRunStaysAsItIsWhenItIsStopped) {
  const std::string text = "say done";
  auto where = open();
  auto done = query(where, text);
  ASSERT_TRUE(is_own(done, text));
  EXPECT_EQ(stop(where, done->run), *done);
  EXPECT_EQ(poll(where, done->run), *done);
  EXPECT_EQ(turns_at(done->url), (lines{"whole " + text}));
}

// -- Q4 -----------------------------------------------------------------------

/// The answer goes on for a while after it is told to stop.
TEST_F(Talks, Q4_ASwitchIsNoConcernOfTheRunThatIsBeingStopped) {
  const std::string deaf = "deaf; stream 100 every 50", next = "say elsewhere";
  auto where = open("fixture");
  auto old = begin(where, deaf);
  ASSERT_TRUE(is_writing(where, old.run));
  EXPECT_EQ(stop(where).run, old.run);
  auto seen = got(me.switch_to({"mirror", where}));
  EXPECT_EQ(seen.state, session_state::stopping);
  EXPECT_EQ(seen.owner, old.run);
  auto waits = begin(where, next);
  EXPECT_EQ(waits.state, session_state::queued);
  EXPECT_EQ(stop(where).run, old.run); // Still the same one.
  auto mine = poll(where, waits.run, patience);
  EXPECT_TRUE(is_own(mine, next));
  EXPECT_EQ(mine.provider, "mirror");
  auto left = poll(where, old.run);
  EXPECT_EQ(left.state, session_state::interrupted);
  EXPECT_EQ(left.why.code, errc::run_stopped);
  EXPECT_EQ(left.provider, "fixture");
  EXPECT_EQ(
    story(where, mine.run),
    (lines{"run_started 1", "run_confirmed 1",
           "run_settled 1 interrupted, run.stopped", "provider_switched",
           "run_ended 1", "run_started 2", "run_confirmed 2",
           "run_settled 2 complete", "run_ended 2"}));
  EXPECT_EQ(turns_at(left.url), (lines{"whole " + deaf}));
  EXPECT_EQ(turns_at(mine.url), (lines{"whole " + next}));
}

// -- Q5 -----------------------------------------------------------------------

TEST_F(Talks, Q5_BackgroundWorkGivesWayAndRunsOnceMore) {
  const std::string slow = "stream 100 every 50", quick = "say quick",
                    last = "say last";
  auto where = open();
  auto job = begin_in_background(where, slow);
  ASSERT_TRUE(is_writing(where, job.run));
  EXPECT_TRUE(is_own(query(where, quick), quick));
  EXPECT_TRUE(is_own(poll(where, job.run, patience), slow));
  auto after = query(where, last);
  EXPECT_TRUE(is_own(after, last));
  EXPECT_EQ(
    story(where, got(after).run),
    (lines{"run_started 1", "run_confirmed 1", "run_yielding 1", "run_ended 1",
           "run_started 2", "run_confirmed 2", "run_settled 2 complete",
           "run_ended 2", "run_started 1", "run_confirmed 1",
           "run_settled 1 complete", "run_ended 1", "run_started 3",
           "run_confirmed 3", "run_settled 3 complete", "run_ended 3"}));
  EXPECT_EQ(turns_at(got(after).url),
            (lines{"stopped " + slow, "whole " + quick, "whole " + slow,
                   "whole " + last}));
}

/// Neither what gave way nor what had not begun.
TEST_F(Talks, Q5_BackgroundWorkThatIsCancelledNeverStarts) {
  const std::string mine = endless + "; say mine", last = "say last";
  auto where = open();
  auto job = begin_in_background(where, endless);
  ASSERT_TRUE(is_writing(where, job.run));
  auto never = begin_in_background(where, "say never");
  auto run = begin(where, mine, wait_until::sent);
  EXPECT_EQ(poll(where, job.run).hold, hold_reason::preempted);
  for (auto x : {job.run, never.run}) {
    auto stopped = stop(where, x);
    EXPECT_EQ(stopped.state, session_state::interrupted);
    EXPECT_FALSE(stopped.ending);
  }
  stop(where, run.run);
  EXPECT_TRUE(is_own(query(where, last), last));
  EXPECT_EQ(got(me.show(where)).queued, 0u);
  EXPECT_EQ(arrived(),
            (lines{"taken " + endless, "taken " + mine, "taken " + last}));
}

// -- Q6 -----------------------------------------------------------------------

TEST_F(Talks, Q6_NothingOfOneRunIsReadFromAnother) {
  const lines prompts{"think 300; say alpha", "say beta; stream 9 every 100"};
  std::vector<session_id> where{open(), open()};
  std::vector<run_view> done(2);
  together(2, [&](size_t i) {
    auto client = berth.connect();
    done[i] = got(query(client, where[i], prompts[i]));
  });
  auto failed = got(query(where[0], "limit 90s"));
  EXPECT_EQ(failed.state, session_state::failed);
  EXPECT_EQ(failed.why.code, errc::rate_limited);
  EXPECT_EQ(failed.answer, "");
  EXPECT_EQ(failed.length, 0u);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(is_own(done[i], prompts[i]));
    EXPECT_EQ(done[i].title, prompts[i]);
    EXPECT_EQ(done[i].why, failure{});
    EXPECT_EQ(poll(where[i], done[i].run), done[i]);
  }
  EXPECT_NE(done[0].url, done[1].url);
  EXPECT_EQ(poll(where[1], {}), done[1]);
  poll_run what;
  what.run = failed.run;
  what.session = where[1];
  auto foreign = me.poll(what);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, errc::run_unknown);
  // Nor from one that failed, by the next one of its session.
  got(me.switch_to({"mirror", where[0]}));
  const std::string next = "say gamma";
  auto other = query(where[0], next);
  EXPECT_TRUE(is_own(other, next));
  EXPECT_EQ(got(other).title, next);
  EXPECT_EQ(got(other).why, failure{});
  EXPECT_EQ(poll(where[0], failed.run).why, failed.why);
}

/// Its conversation goes on, with and without the session.
TEST_F(Talks, Q6_WhatComesAfterTheEndChangesNothing) {
  const std::string first = "say first", beside = "stream 40 every 50",
                    next = "say next";
  auto where = open();
  auto done = query(where, first);
  ASSERT_TRUE(is_own(done, first));
  ask_beside(done->url, beside);
  auto after = query(where, next);
  EXPECT_TRUE(is_own(after, next));
  EXPECT_EQ(poll(where, done->run), *done);
  EXPECT_EQ(stop(where, done->run), *done);
  EXPECT_EQ(poll(where, done->run), *done);
  EXPECT_EQ(story(where, got(after).run),
            (lines{"run_started 1", "run_confirmed 1", "run_settled 1 complete",
                   "run_ended 1", "run_started 2", "run_confirmed 2",
                   "run_settled 2 complete", "run_ended 2"}));
  EXPECT_EQ(arrived(),
            (lines{"taken " + first, "taken " + beside, "taken " + next}));
}

/// Neither an open menu, nor a prompt that was not sent, nor its files.
TEST_F(Talks, Q6_AFailedRunLeavesNothingInThePage) {
  scratch_dir dir;
  auto note = dir.path() + "/note.txt";
  std::ofstream{note} << "text";
  auto where = open();
  auto what = order(where, "say never", wait_until::done);
  what.what.model = "missing";
  EXPECT_EQ(got(me.send(what)).why.code, errc::element_missing);
  what = order(where, "refuse; say never", wait_until::done);
  what.what.model = "steady";
  what.what.files = {note};
  EXPECT_EQ(got(me.send(what)).why.code, errc::send_unconfirmed);
  const std::string next = "say next";
  EXPECT_TRUE(is_own(query(where, next), next));
  auto all = site.log();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].what.model, "steady");
  EXPECT_EQ(all[0].what.files.size(), 1u);
  EXPECT_EQ(all[1].what.model, "swift");
  EXPECT_EQ(all[1].what.files.size(), 0u);
}

#include "protocol/journal_state.hpp"
#include "protocol/session_journal.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp now{1h};

event told(const session_event& x) {
  return describe({7}, x, now);
}

} // namespace

TEST(SessionJournal, NamesSessionAndRun) {
  auto x = told(run_progressed{{{3}, 2}, 40});
  EXPECT_EQ(x.kind, event_kind::run_progressed);
  EXPECT_EQ(x.session, session_id{7});
  EXPECT_EQ(x.run, run_id{3});
  EXPECT_EQ(x.length, 40u);
}

TEST(SessionJournal, TellsHowMuchTimeARunHas) {
  auto x = told(run_started{{{3}, 1}, "a", now + 120s});
  EXPECT_EQ(x.estimate, duration{120s});
  EXPECT_EQ(x.key, "a");
}

TEST(SessionJournal, TellsReasons) {
  EXPECT_EQ(told(run_queued{{3}, hold_reason::busy, 1}).detail, "busy");
  EXPECT_EQ(told(run_settled{{3}, session_state::complete, errc::ok}).detail,
            "complete");
  EXPECT_EQ(
    told(run_settled{{3}, session_state::failed, errc::tab_lost}).detail,
    "failed, tab.lost");
  EXPECT_EQ(told(run_adrift{{{3}, 2}, loss_cause::crashed}).cause,
            loss_cause::crashed);
  EXPECT_EQ(told(session_ended{true}).detail, "nobody used it");
}

TEST(SessionJournal, L2_KeepsAQueuedPromptUntilItsRunIsForgotten) {
  session_machine::limits most;
  most.times.of_provider["a"] = {};
  most.runs_kept_max = 1;
  session_row fresh;
  fresh.id = {7};
  fresh.provider = "a";
  session_machine rules{fresh, most, now};
  journal_state kept;
  journal_changes changes;
  event opened;
  opened.kind = event_kind::session_opened;
  opened.session = {7};
  tell(kept, {now, {opened}, {}}, 1, changes);
  auto follow = [&](const session_decision& x) {
    journal_entry entry{now, {}, rows_of(rules.row(), x)};
    for (const auto& happened : x.events)
      entry.what.push_back(describe({7}, happened, now));
    tell(kept, entry, 1, changes);
    return x.run;
  };
  auto send = [&](const char* text) {
    send_prompt x;
    x.what.text = text;
    x.wait = 1min;
    return follow(rules.send(x, now));
  };
  auto first = send("first"), second = send("second"), third = send("third");
  EXPECT_EQ(kept.sessions.at({7}), rules.row());
  EXPECT_EQ(kept.sessions.at({7}).runs.at(second).what.text, "second");
  follow(rules.stop({second}, now));
  follow(rules.stop({third}, now));
  EXPECT_FALSE(kept.sessions.at({7}).runs.contains(second));
  EXPECT_EQ(kept.sessions.at({7}).owner, first);
  EXPECT_EQ(kept.sessions.at({7}), rules.row());
}

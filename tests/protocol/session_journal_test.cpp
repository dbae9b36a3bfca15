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

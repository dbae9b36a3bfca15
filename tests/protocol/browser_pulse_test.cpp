#include "protocol/browser_pulse.hpp"

#include <gtest/gtest.h>

namespace berth::protocol {

namespace {

using namespace std::chrono_literals;
using step = browser_pulse::step;

constexpr timestamp start{1h};

/// Asked after 10 s of silence, to answer within 5 s.
class BrowserPulse : public testing::Test {
protected:
  BrowserPulse() {
    pulse.came_up(start);
  }

  /// Looks when it is time, until it is given up or has missed so many.
  /// Returns when it was given up.
  std::optional<duration> misses(size_t most, double effort_per_second) {
    for (size_t i = 0; i < most; ++i) {
      now = *pulse.next_deadline(true);
      effort = std::chrono::duration_cast<duration>(
        effort_per_second * std::chrono::duration<double>(now - start));
      if (pulse.look(now, true, effort) == step::give_up)
        return now - start;
    }
    return std::nullopt;
  }

  browser_pulse pulse{{10s, 5s, 2, 12, 3}};
  timestamp now = start;
  duration effort{};
};

} // namespace

TEST_F(BrowserPulse, AsksNothingOfWhomNobodyUses) {
  EXPECT_FALSE(pulse.next_deadline(false));
  EXPECT_EQ(pulse.look(start + 1h, false, 0s), step::none);
}

TEST_F(BrowserPulse, AsksWhoWasSilent) {
  EXPECT_EQ(pulse.next_deadline(true), start + 10s);
  EXPECT_EQ(pulse.look(start + 9s, true, 0s), step::none);
  pulse.heard(start + 9s);
  EXPECT_EQ(pulse.look(start + 10s, true, 0s), step::none);
  EXPECT_EQ(pulse.look(start + 19s, true, 0s), step::ask);
  EXPECT_FALSE(pulse.is_silent());
  EXPECT_FALSE(pulse.heard(start + 20s));
  EXPECT_EQ(pulse.next_deadline(true), start + 30s);
}

TEST_F(BrowserPulse, B3_GivesUpWhoIsStoppedAfterTwoMisses) {
  EXPECT_EQ(misses(100, 0), 20s);
}

TEST_F(BrowserPulse, B4_IsPatientWithWhoIsSlow) {
  EXPECT_FALSE(misses(12, 0.1));
  EXPECT_TRUE(pulse.is_silent());
  EXPECT_EQ(pulse.silent_for(now), 65s);
  EXPECT_TRUE(pulse.heard(now));
  EXPECT_FALSE(pulse.is_silent());
}

TEST_F(BrowserPulse, GivesUpWhoIsBusyForTooLong) {
  EXPECT_EQ(misses(100, 1), 70s);
}

TEST_F(BrowserPulse, IsPatientWithWhoseEffortIsNotKnown) {
  size_t asked = 0;
  auto last = step::none;
  while ((last = pulse.look(*pulse.next_deadline(true), true, {})) == step::ask)
    ++asked;
  EXPECT_EQ(asked, 12u);
  EXPECT_EQ(last, step::give_up);
}

TEST_F(BrowserPulse, B4_ForgivesASpellWithoutEffortBeforeWork) {
  EXPECT_EQ(pulse.look(start + 10s, true, 0s), step::ask);
  EXPECT_EQ(pulse.look(start + 15s, true, 0s), step::ask);
  EXPECT_EQ(pulse.look(start + 20s, true, 3s), step::ask);
  EXPECT_EQ(pulse.look(start + 25s, true, 3s), step::ask);
  EXPECT_EQ(pulse.look(start + 30s, true, 3s), step::give_up);
}

TEST_F(BrowserPulse, CountsNoDeadlineThatWeSawTooLate) {
  EXPECT_EQ(pulse.look(start + 10s, true, 0s), step::ask);
  for (auto at = start + 1h; at < start + 100h; at += 1h)
    EXPECT_EQ(pulse.look(at, true, 0s), step::ask);
  EXPECT_FALSE(pulse.is_silent());
}

TEST_F(BrowserPulse, AsksWhoIsSilentThoughNobodyUsesItAnyMore) {
  misses(2, 0);
  ASSERT_TRUE(pulse.is_silent());
  EXPECT_TRUE(pulse.next_deadline(false));
}

TEST_F(BrowserPulse, AsksNothingBeforeTheStartAndAfterTheEnd) {
  EXPECT_FALSE(browser_pulse{}.next_deadline(true));
  misses(1, 0);
  pulse.ended();
  EXPECT_FALSE(pulse.next_deadline(true));
  EXPECT_FALSE(pulse.is_silent());
}

TEST_F(BrowserPulse, AsksNothingIfItMayNot) {
  browser_pulse quiet{{0s, 5s, 2, 12, 3}};
  quiet.came_up(start);
  EXPECT_FALSE(quiet.next_deadline(true));
}

TEST_F(BrowserPulse, B3_GivesUpWhoseNewTabsAllCrash) {
  EXPECT_FALSE(pulse.tab_crashed());
  EXPECT_FALSE(pulse.tab_crashed());
  EXPECT_TRUE(pulse.tab_crashed());
}

TEST_F(BrowserPulse, BearsCrashesBetweenTabsThatLive) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(pulse.tab_crashed());
    EXPECT_FALSE(pulse.tab_crashed());
    pulse.tab_lives();
  }
}

TEST_F(BrowserPulse, HoldsNothingAgainstTheNextOne) {
  pulse.tab_crashed();
  pulse.tab_crashed();
  pulse.came_up(start + 1min);
  EXPECT_EQ(pulse.crashes(), 0u);
  EXPECT_EQ(pulse.next_deadline(true), start + 1min + 10s);
}

} // namespace berth::protocol

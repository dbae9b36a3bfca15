#include "protocol/ownership.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr starter_limits limits{35s, 10s, 60s};

/// An owner that serves.
owner_health healthy() {
  return {42, 7, 1h, browser_health::ready, 0s, 20s, false};
}

owner_health without_chrome(duration down) {
  auto result = healthy();
  result.chrome = browser_health::waiting;
  result.down = down;
  return result;
}

/// It has the lock, a door, and has just answered so.
owner_sight answered(owner_health what) {
  return {true, process_fate::lives, true, what, 0s, 5s};
}

owner_sight silent(duration how_long) {
  return {true, process_fate::lives, true, {}, how_long, how_long};
}

owner_sight starting(duration how_long) {
  return {true, process_fate::lives, false, {}, how_long, how_long};
}

} // namespace

TEST(Ownership, ADirectoryWithoutALockIsTaken) {
  auto left = silent(1h); // Whatever was written down there.
  left.held = false;
  EXPECT_EQ(decide(left, limits), starter_move::take);
  EXPECT_EQ(decide({}, limits), starter_move::take);
}

TEST(Ownership, AHealthyOwnerIsJoined) {
  EXPECT_EQ(decide(answered(healthy()), limits), starter_move::join);
}

TEST(Ownership, AHealthyOwnerIsJoinedThoughItsProcessIsNotInSight) {
  auto x = answered(healthy());
  x.process = process_fate::unknown;
  EXPECT_EQ(decide(x, limits), starter_move::join);
}

TEST(Ownership, AnOwnerThatHasJustLostItsChromeIsWaitedFor) {
  auto x = answered(without_chrome(20s));
  x.watched = 1h; // However long it takes: its grace is its own.
  EXPECT_EQ(decide(x, limits), starter_move::wait);
}

TEST(Ownership, AnOwnerWithoutChromePastItsGraceIsAskedToStepDown) {
  EXPECT_EQ(decide(answered(without_chrome(20001ms)), limits),
            starter_move::ask_to_step_down);
}

TEST(Ownership, AnOwnerThatStopsIsWaitedFor) {
  auto x = answered(healthy());
  x.told->stopping = true;
  x.watched = 60s;
  EXPECT_EQ(decide(x, limits), starter_move::wait);
}

TEST(Ownership, AnOwnerThatNeverEndsIsGivenUp) {
  auto x = answered(healthy());
  x.told->stopping = true;
  x.watched = 60001ms;
  EXPECT_EQ(decide(x, limits), starter_move::give_up);
}

TEST(Ownership, ASlowStartIsWaitedFor) {
  EXPECT_EQ(decide(starting(35s), limits), starter_move::wait);
}

TEST(Ownership, AStartThatNeverEndsIsTakenOver) {
  EXPECT_EQ(decide(starting(35001ms), limits), starter_move::take_over);
}

TEST(Ownership, AnOwnerThatDoesNotAnswerAtOnceIsWaitedFor) {
  EXPECT_EQ(decide(silent(10s), limits), starter_move::wait);
}

/// By another one that has looked whose it is, and was stopped then.
TEST(Ownership, AStarterThatIsKeptFromItGivesUp) {
  auto x = silent(1min);
  x.kept_out = 10s;
  EXPECT_EQ(decide(x, limits), starter_move::take_over);
  x.kept_out = 10001ms;
  EXPECT_EQ(decide(x, limits), starter_move::give_up);
}

TEST(Ownership, AnOwnerThatDoesNotAnswerIsTakenOver) {
  EXPECT_EQ(decide(silent(10001ms), limits), starter_move::take_over);
}

TEST(Ownership, AnOwnerWhoseProcessIsNotInSightIsNeverTakenOver) {
  auto x = silent(1h);
  x.process = process_fate::unknown;
  EXPECT_EQ(decide(x, limits), starter_move::give_up);
  x.opened = false;
  EXPECT_EQ(decide(x, limits), starter_move::give_up);
}

// Somebody else has the lock, and has not written itself down yet: a daemon
// in its first moment, or whoever brings a journal back.
TEST(Ownership, AnOwnerThatIsNotTheOneWrittenDownIsNeverTakenOver) {
  auto x = silent(10s);
  x.process = process_fate::gone;
  EXPECT_EQ(decide(x, limits), starter_move::wait);
  x.silent = 1h;
  EXPECT_EQ(decide(x, limits), starter_move::give_up);
}

TEST(Ownership, AnOwnerWhoseChromeAnswersDoesNotStepDown) {
  auto x = healthy();
  x.down = 1h; // Of the time before.
  EXPECT_FALSE(agrees_to_step_down(x));
}

TEST(Ownership, AnOwnerStepsDownOnlyPastItsGrace) {
  EXPECT_FALSE(agrees_to_step_down(without_chrome(20s)));
  EXPECT_TRUE(agrees_to_step_down(without_chrome(20001ms)));
}

TEST(Ownership, AnOwnerThatStopsHasAgreedAlready) {
  auto x = healthy();
  x.stopping = true;
  EXPECT_TRUE(agrees_to_step_down(x));
}

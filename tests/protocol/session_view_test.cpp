#include "protocol/session_view.hpp"

#include "tests/protocol/session_fixture.hpp"

namespace berth::protocol::test {

namespace {

struct SessionView : SessionFixture {
  run_view look(run_id which) const {
    return look_at(machine, *machine.find(which), now);
  }
};

} // namespace

TEST_F(SessionView, ShowsHowFarARunIs) {
  auto mine = polling().run;
  report(answer_seen{12});
  now += 5s;
  auto seen = look(mine);
  EXPECT_EQ(seen.state, session_state::polling);
  EXPECT_EQ(seen.session, session_id{7});
  EXPECT_EQ(seen.url, address);
  EXPECT_EQ(seen.length, 12u);
  EXPECT_EQ(seen.elapsed, duration{5s});
  EXPECT_EQ(seen.left, duration{595s});
  EXPECT_EQ(seen.answer, "");
}

TEST_F(SessionView, NeverShowsATimeBelowZero) {
  auto mine = polling().run;
  now -= 9000h;
  EXPECT_EQ(look(mine).elapsed, duration{0});
  EXPECT_EQ(look_at(machine, now).unused, duration{0});
}

TEST_F(SessionView, ShowsWhatARunTookWhenItIsOver) {
  auto mine = polling().run;
  now += 5s;
  complete("hi");
  now += 1h;
  auto seen = look(mine);
  EXPECT_EQ(seen.state, session_state::complete);
  EXPECT_EQ(seen.elapsed, duration{5s});
  EXPECT_EQ(seen.left, duration{0});
  EXPECT_EQ(seen.answer, "hi");
}

TEST_F(SessionView, ShowsWhyARunWaits) {
  polling();
  send(words("second"));
  auto mine = send(words("third")).run;
  auto seen = look(mine);
  EXPECT_EQ(seen.hold, hold_reason::busy);
  EXPECT_EQ(seen.ahead, 1u);
  auto later = background("later");
  later.delay = 1h;
  now += 1s;
  EXPECT_EQ(look(send(later).run).due_in, duration{1h});
  stop(mine);
  EXPECT_EQ(look(mine).elapsed, duration{0});
  EXPECT_EQ(look(mine).why.code, errc::run_stopped);
}

TEST_F(SessionView, ShowsAResultThatIsCertainBeforeTheRunHasEnded) {
  auto mine = polling().run;
  stop(mine);
  EXPECT_EQ(look(mine).state, session_state::interrupted);
  EXPECT_TRUE(look(mine).ending);
  EXPECT_EQ(look_at(machine, now).state, session_state::stopping);
  report(page_ended{});
  EXPECT_FALSE(look(mine).ending);
}

TEST_F(SessionView, ShowsASessionWithoutItsAnswers) {
  polling();
  complete("hi");
  auto mine = polling(words("more")).run;
  wait_for(mine, {1});
  now += 5s;
  auto seen = look_at(machine, now);
  EXPECT_EQ(seen.state, session_state::polling);
  EXPECT_EQ(seen.provider, "a");
  EXPECT_EQ(seen.url, address);
  EXPECT_EQ(seen.owner, mine);
  EXPECT_EQ(seen.waiting, 1u);
  EXPECT_EQ(seen.unused, duration{5s});
  ASSERT_EQ(seen.runs.size(), 2u);
  EXPECT_EQ(seen.runs[0].state, session_state::complete);
  EXPECT_EQ(seen.runs[0].answer, "");
}

} // namespace berth::protocol::test

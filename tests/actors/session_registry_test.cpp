// The registry of sessions among its crew.

#include "tests/support/session_world.hpp"

namespace berth::tests {

namespace {

struct Sessions : SessionWorld {
  /// What a guest heard of this session.
  static std::vector<event_kind> heard(const guest& who, session_id of) {
    std::vector<event_kind> result;
    for (const auto& x : who.heard())
      if (x.session == of)
        result.push_back(x.kind);
    return result;
  }
};

struct TwoSessions : SessionWorld {
  TwoSessions() : SessionWorld{two_at_most()} {
    // nop
  }

  static config two_at_most() {
    config result;
    result.sessions.sessions_max = 2;
    return result;
  }
};

} // namespace

TEST_F(Sessions, NeedNoNameIfThereIsOnlyOne) {
  EXPECT_EQ(refused<session_view>(bob, show_session{}).code,
            errc::session_unknown);
  auto one = open();
  EXPECT_EQ(now<session_view>(bob, show_session{}).session, one);
  auto other = open("b");
  auto why = refused<run_view>(bob, words("to whom?"));
  EXPECT_EQ(why.code, errc::session_ambiguous);
  EXPECT_EQ(why.candidates, (numbers{one.value, other.value}));
  now<session_view>(bob, close_session{one});
  EXPECT_EQ(now<session_view>(bob, show_session{}).session, other);
  EXPECT_EQ(refused<session_view>(bob, show_session{one}).code,
            errc::session_unknown);
}

TEST_F(Sessions, AreOfKnownProviders) {
  auto why = refused<session_view>(alice, open_session{{}, "c"});
  EXPECT_EQ(why.code, errc::provider_unknown);
  EXPECT_NE(why.what.find("a, b."), std::string::npos) << why.what;
  open();
  EXPECT_EQ(refused<session_view>(alice, switch_provider{"c"}).code,
            errc::provider_unknown);
  EXPECT_EQ(now<session_view>(alice, switch_provider{"b"}).provider, "b");
}

TEST_F(TwoSessions, AreNotThree) {
  auto one = open();
  open();
  auto why = refused<session_view>(alice, open_session{{}, "a"});
  EXPECT_EQ(why.code, errc::session_limit);
  EXPECT_EQ(why.cap, 2u);
  now<session_view>(alice, close_session{one});
  EXPECT_NE(open(), one);
}

TEST_F(Sessions, AreListedAllAtOnce) {
  EXPECT_TRUE(now<session_list>(bob, list_sessions{}).sessions.empty());
  open("a");
  open("b");
  send(words("hello", {2}));
  auto all = now<session_list>(bob, list_sessions{}).sessions;
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].state, session_state::fresh);
  EXPECT_EQ(all[1].state, session_state::polling);
  EXPECT_EQ(all[1].owner, run_id{1});
}

TEST_F(Sessions, AreHeardByThoseWhoWatchThem) {
  open();
  open();
  send(words("before", {1}));
  auto seen = now<session_view>(bob, watch_session{{1}});
  EXPECT_EQ(seen.state, session_state::polling);
  see(answer_done{"hi"});
  send(words("elsewhere", {2}));
  now<session_view>(alice, close_session{{1}});
  where.advance(1s);
  using enum event_kind;
  EXPECT_EQ(heard(bob, {1}),
            (std::vector{run_settled, run_ended, session_closed}));
  EXPECT_TRUE(heard(bob, {2}).empty());
}

TEST_F(Sessions, Q1_GoOnWhenTheirTurnInTheLineForATabHasCome) {
  open();
  pages.of({1}).sends = false;
  auto mine = send(words("hello")).run;
  auto full = fail(errc::capacity, "All tabs are taken.");
  full.retry_after = 10min;
  see(tab_refused{full});
  where.advance(1min);
  EXPECT_EQ(look(mine).hold, hold_reason::capacity);
  EXPECT_EQ(begun().size(), 1u);
  EXPECT_EQ(pages.all<join_line>({1}).size(), 1u);
  caf::anon_send(pages.session({1}), actors::line_left{});
  where.settle();
  EXPECT_EQ(begun(), (numbers{1, 1}));
}

TEST_F(Sessions, AnswerAllWhoWaitWhenTheyAreClosed) {
  open();
  send(words("hello"));
  auto first = wait_for(alice);
  auto second = alice.ask<run_view>(query("more"));
  where.settle();
  EXPECT_EQ(now<session_view>(bob, close_session{}).state,
            session_state::closed);
  for (auto& x : {first, second}) {
    ASSERT_TRUE(x->value);
    EXPECT_EQ(x->value->state, session_state::interrupted);
    EXPECT_EQ(x->value->why.code, errc::session_closed);
  }
  EXPECT_EQ(pages.all<leave_tab>({1}).size(), 1u);
  EXPECT_EQ(journaled(event_kind::session_closed), 1u);
}

TEST_F(Sessions, EndWhenNobodyUsesThem) {
  open();
  where.advance(23h);
  EXPECT_EQ(now<session_list>(bob, list_sessions{}).sessions.size(), 1u);
  where.advance(2h);
  EXPECT_TRUE(now<session_list>(bob, list_sessions{}).sessions.empty());
  EXPECT_EQ(journaled(event_kind::session_closed), 1u);
}

TEST_F(Sessions, L2_GoOnAfterAnAccident) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  auto other = alice.ask<run_view>(words("more"));
  where.settle();
  where.kill(pages.session({1}));
  where.settle();
  ASSERT_TRUE(asked->why);
  EXPECT_EQ(asked->why->code, errc::session_restarted);
  where.advance(1s);
  auto again = wait_for(alice, {1});
  EXPECT_EQ(begun(), (numbers{1})); // Its prompt is not sent again.
  see(answer_done{"hi"});
  ASSERT_TRUE(again->value);
  EXPECT_EQ(again->value->answer, "hi");
  EXPECT_EQ(begun(), (numbers{1, 2})); // What was queued still is.
  EXPECT_EQ(journaled(event_kind::session_closed), 0u);
}

/// While the disk is slow: what it was about to write is not lost either.
TEST_F(Sessions, L2_GoOnWithWhatTheyWereAboutToWriteDown) {
  open();
  send(words("hello"));
  where.settle();
  it.journal().slowness = 2s;
  auto asked = alice.ask<run_view>(words("more"));
  where.settle();
  where.kill(where.find("session").front());
  where.settle();
  EXPECT_EQ(asked->why->code, errc::session_restarted);
  auto soon = refused<session_view>(bob, show_session{});
  EXPECT_EQ(soon.code, errc::session_busy);
  EXPECT_GT(soon.retry_after, duration{});
  where.advance(10s);
  it.journal().slowness = {};
  EXPECT_EQ(now<session_view>(bob, show_session{}).queued, 1u);
}

TEST_F(Sessions, AreClosedIfTheyFallAgainAndAgain) {
  open();
  for (size_t i = 0; i <= how.restart.restarts_max; ++i) {
    ASSERT_EQ(journaled(event_kind::session_closed), 0u);
    where.kill(where.find("session").front());
    where.advance(5s);
  }
  EXPECT_EQ(refused<session_view>(bob, show_session{}).code,
            errc::session_unknown);
  EXPECT_EQ(journaled(event_kind::session_closed), 1u);
}

/// The daemon goes on, with another crew.
TEST_F(Sessions, D3_TellsOfAnAccidentAndNotOfADaemonThatEnds) {
  open();
  auto asked = alice.ask<run_view>(query("hello"));
  where.settle();
  caf::anon_send_exit(it.crew().admission, caf::exit_reason::kill);
  where.advance(1s);
  ASSERT_TRUE(asked->why);
  EXPECT_EQ(asked->why->code, errc::session_restarted);
  EXPECT_NE(asked->why->what.find("internal failure"), std::string::npos)
    << asked->why->what;
}

} // namespace berth::tests

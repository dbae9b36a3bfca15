#include "protocol/journal_state.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp now{1h};

struct JournalState : testing::Test {
  journal_state state;
  journal_changes changes;

  event& tell(event_kind kind, const std::function<void(event&)>& how = {}) {
    last = {};
    last.kind = kind;
    if (how)
      how(last);
    berth::protocol::tell(state, {now, {last}, {}}, 2, changes);
    return last;
  }

  void tell_run(event_kind kind, run_id run, const std::string& detail = {}) {
    tell(kind, [&](event& x) {
      x.session = {7};
      x.run = run;
      x.key = "a";
      x.estimate = 1min;
      x.detail = detail;
    });
  }

  void open_session() {
    tell(event_kind::session_opened, [](event& x) {
      x.session = {7};
      x.client = {1};
      x.key = "a";
    });
  }

  event last;
};

} // namespace

TEST_F(JournalState, HoldsALeaseFromItsGrantToItsEnd) {
  auto of_lease = [](event& x) {
    x.lease = {4};
    x.token = {1, 9};
    x.key = "web";
    x.target = "T";
  };
  tell(event_kind::lease_granted, of_lease);
  EXPECT_EQ(state.leases.at({4}).state, lease_state::opening);
  tell(event_kind::lease_bound, of_lease);
  EXPECT_EQ(state.leases.at({4}).state, lease_state::bound);
  EXPECT_EQ(state.leases.at({4}).target, target_id{"T"});
  tell(event_kind::lease_orphaned, of_lease);
  EXPECT_EQ(state.leases.size(), 1u);
  tell(event_kind::lease_ended, of_lease);
  EXPECT_TRUE(state.leases.empty());
  EXPECT_TRUE(changes.leases.contains({4}));
}

TEST_F(JournalState, L2_KnowsWhereTheTabOfALeaseWas) {
  auto in = [](const char* target, const char* url = "") {
    return [=](event& x) {
      x.lease = {4};
      x.target = target;
      x.detail = url;
    };
  };
  tell(event_kind::tab_moved, in("T", "http://early/"));
  EXPECT_TRUE(state.leases.empty());
  tell(event_kind::lease_bound, in("T"));
  tell(event_kind::tab_moved, in("T", "http://a/"));
  EXPECT_EQ(state.leases.at({4}).url, "http://a/");
  tell(event_kind::tab_lost, in("popup", "http://b/"));
  EXPECT_EQ(state.leases.at({4}).url, "http://a/");
  tell(event_kind::tab_moved, in("T", "http://c/"));
  // Recovered: whoever writes its row does not know where it is.
  lease row;
  row.id = {4};
  berth::protocol::tell(state, {now, {*describe(lease_bound{row})}, {row}}, 2,
                        changes);
  EXPECT_EQ(state.leases.at({4}).url, "http://c/");
}

TEST_F(JournalState, L2_KnowsWhereTheDownloadsOfALeaseGo) {
  auto to = [](const char* path) {
    return [=](event& x) {
      x.lease = {4};
      x.detail = path;
    };
  };
  tell(event_kind::downloads_kept, to("/early"));
  EXPECT_TRUE(state.leases.empty());
  tell(event_kind::lease_bound, to(""));
  changes = {};
  tell(event_kind::downloads_kept, to("/in"));
  EXPECT_EQ(state.leases.at({4}).downloads, "/in");
  EXPECT_TRUE(changes.leases.contains({4}));
  EXPECT_FALSE(is_news(event_kind::downloads_kept));
  lease row;
  row.id = {4};
  berth::protocol::tell(state, {now, {*describe(lease_bound{row})}, {row}}, 2,
                        changes);
  EXPECT_EQ(state.leases.at({4}).downloads, "/in");
}

TEST_F(JournalState, TakesARowForTheTruthButForItsDeadline) {
  lease whole;
  whole.id = {4};
  whole.ttl = 1min;
  whole.grace = 5s;
  whole.kind = holder_kind::session;
  whole.deadline = now + 1min;
  event granted = *describe(lease_granted{whole});
  berth::protocol::tell(state, {now, {granted}, {whole}}, 2, changes);
  whole.deadline = {};
  EXPECT_EQ(state.leases.at({4}), whole);
}

TEST_F(JournalState, FollowsARun) {
  open_session();
  tell_run(event_kind::run_queued, {1}, "not_due");
  auto& session = state.sessions.at({7});
  EXPECT_EQ(session.runs.at({1}).hold, hold_reason::not_due);
  tell_run(event_kind::run_started, {1});
  EXPECT_EQ(session.owner, run_id{1});
  EXPECT_EQ(session.runs.at({1}).deadline, now + 1min);
  tell_run(event_kind::run_confirmed, {1});
  EXPECT_EQ(session.runs.at({1}).state, session_state::polling);
  tell_run(event_kind::run_settled, {1}, "failed, tab.lost");
  EXPECT_EQ(session.runs.at({1}).result, session_state::failed);
  EXPECT_EQ(session.runs.at({1}).why.code, errc::tab_lost);
  EXPECT_EQ(session.owner, run_id{1});
  tell_run(event_kind::run_ended, {1});
  EXPECT_EQ(session.owner, run_id{});
  EXPECT_EQ(session.over, std::vector<run_id>{{1}});
}

TEST_F(JournalState, ForgetsTheOldestRunsThatAreOver) {
  open_session();
  for (uint64_t i = 1; i <= 3; ++i)
    tell_run(event_kind::run_settled, {i}, "complete");
  auto& session = state.sessions.at({7});
  EXPECT_EQ(session.over, (std::vector<run_id>{{2}, {3}}));
  EXPECT_EQ(session.runs.size(), 2u);
  EXPECT_EQ(session.runs_made, 3u);
  EXPECT_TRUE(changes.runs.contains({{7}, {1}}));
}

TEST_F(JournalState, KeepsAQueuedPromptThatCameWithItsRow) {
  open_session();
  session_run queued{{7}, {}};
  queued.run.id = {1};
  queued.run.what.text = "Why?";
  berth::protocol::tell(state, {now, {}, {queued}}, 2, changes);
  EXPECT_EQ(state.sessions.at({7}).runs.at({1}), queued.run);
}

TEST_F(JournalState, KeepsNothingOfAClosedSession) {
  open_session();
  tell_run(event_kind::run_queued, {1}, "busy");
  changes = {};
  tell(event_kind::session_closed, [](event& x) {
    x.session = {7};
  });
  EXPECT_TRUE(state.sessions.empty());
  EXPECT_TRUE(changes.sessions.contains({7}));
  EXPECT_TRUE(changes.runs.contains({{7}, {1}}));
}

TEST_F(JournalState, L2_BoundLeasesAndSessionsOutliveTheirCrew) {
  open_session();
  tell_run(event_kind::run_queued, {1}, "busy");
  tell_run(event_kind::run_settled, {2}, "complete");
  auto lease = [&](event_kind kind, uint64_t id, client_id whose) {
    tell(kind, [&](event& x) {
      x.lease = {id};
      x.client = whose;
      x.target = "T" + std::to_string(id);
    });
  };
  lease(event_kind::lease_granted, 4, {1}); // Nobody was told of it.
  lease(event_kind::lease_bound, 5, {1});
  lease(event_kind::lease_bound, 6, holder_of({7}, 1)); // No run needs it.
  tell(event_kind::client_joined, [](event& x) {
    x.client = {1};
  });
  tell(event_kind::browser_up);
  EXPECT_EQ(left_astray(state),
            (std::vector<stray_tab>{{{}, {"T4"}}, {{}, {"T6"}}}));
  auto last_words = obituary(state, now);
  std::map<event_kind, size_t> told;
  for (auto& x : last_words.what)
    ++told[x.kind];
  EXPECT_EQ(told,
            (std::map<event_kind, size_t>{{event_kind::lease_ended, 2},
                                          {event_kind::client_left, 1},
                                          {event_kind::browser_down, 1}}));
  EXPECT_EQ(last_words.what[0].detail, "daemon_gone");
  auto before = state.sessions;
  berth::protocol::tell(state, last_words, 2, changes);
  EXPECT_EQ(state.leases.size(), 1u);
  EXPECT_TRUE(state.leases.contains({5}));
  EXPECT_EQ(state.sessions, before);
  EXPECT_TRUE(state.clients.empty());
  EXPECT_FALSE(state.browsers.at("").up);
}

TEST_F(JournalState, L2_TheTabOfARunOutlivesItsCrew) {
  open_session();
  tell_run(event_kind::run_started, {1});
  tell(event_kind::lease_bound, [](event& x) {
    x.lease = {6};
    x.client = holder_of({7}, 3);
  });
  EXPECT_TRUE(lives_on(state.leases.at({6}), state));
  tell_run(event_kind::run_ended, {1});
  EXPECT_FALSE(lives_on(state.leases.at({6}), state));
}

TEST_F(JournalState, IsTheSameWithoutNews) {
  open_session();
  tell_run(event_kind::run_queued, {1});
  for (auto kind = event_kind{}; kind <= event_kind::tab_unparked;
       kind = static_cast<event_kind>(static_cast<int>(kind) + 1)) {
    if (!is_news(kind))
      continue;
    changes = {};
    tell(kind, [](event& x) {
      x.lease = {4};
      x.client = {1};
    });
    EXPECT_TRUE(changes.leases.empty() && changes.sessions.empty()
                && changes.runs.empty())
      << to_string(kind);
  }
  EXPECT_EQ(state.sessions.size(), 1u);
  EXPECT_FALSE(is_news(event_kind::lease_ended));
  EXPECT_FALSE(is_news(event_kind::run_settled));
}

TEST_F(JournalState, GivesNoSessionsNumberTwice) {
  open_session();
  tell(event_kind::session_closed, [](event& x) {
    x.session = {7};
  });
  EXPECT_EQ(state.last_session, session_id{7});
}

TEST(JournalAudit, L3_DropsTheOldestAFewAtATime) {
  EXPECT_EQ(first_kept(1, 100, 10, 100), 1u); // All fit.
  EXPECT_EQ(first_kept(1, 110, 10, 100), 11u);
  EXPECT_EQ(first_kept(1, 5000, 10, 100), 21u); // The limit was lowered.
  EXPECT_EQ(first_kept(1, 0, 0, 100), 1u);
  uint64_t first = 1, last = 5000;
  for (; last < 10000; last += 10)
    first = first_kept(first, last, 10, 100);
  EXPECT_EQ(last - first, 109u);
}

TEST(JournalFit, LetsNothingHappenLaterThanNow) {
  journal_state left;
  auto& talk = left.sessions[{1}];
  talk.used = timestamp{9000h};
  auto& x = talk.runs[{1}];
  x.started = timestamp{9000h};
  x.deadline = timestamp{9000h} + 10min;
  x.settled = timestamp{9000h};
  auto& old = left.sessions[{2}];
  old.used = timestamp{1h};
  fit(left, timestamp{2h});
  EXPECT_EQ(talk.used, timestamp{2h});
  EXPECT_EQ(x.started, timestamp{2h});
  EXPECT_EQ(x.deadline, timestamp{2h} + 10min);
  EXPECT_EQ(x.settled, timestamp{2h});
  EXPECT_EQ(old.used, timestamp{1h});
}

// Many clients of one session at once, and runs whose time is over.

#include "tests/e2e/talk_test.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <ranges>
#include <set>
#include <string>

using namespace berth;
using namespace berth::tests;

namespace {

bool is_busy(const failure& x) {
  return x.code == errc::session_busy && x.owner > 0
         && x.retry_after > duration{0};
}

class TalksOfMany : public talk_test {
protected:
  static constexpr size_t senders = 4, turns = 3;

  /// What it was answered with; each of its runs as it was told of.
  void note(const run_view& x, const std::string& text) {
    std::lock_guard guard{mutex_};
    texts_[x.run] = text;
  }

  /// One after the other; what comes between is taken back at once.
  void converse(session_id where, size_t who) {
    auto client = berth.connect("sender");
    for (size_t turn = 0; turn < turns; ++turn) {
      auto name = std::to_string(who) + "/" + std::to_string(turn);
      auto text = "stream 5 every 10; say " + name;
      auto mine = query(client, where, text);
      EXPECT_TRUE(is_own(mine, text));
      note(got(mine), text);
      auto never = "think 10m; say never " + name;
      auto other = got(client.send(order(where, never)));
      note(other, never);
      auto stopped = got(client.stop({.run = other.run, .session = where}));
      EXPECT_EQ(stopped.run, other.run);
      EXPECT_EQ(stopped.state, session_state::interrupted);
    }
  }

  /// Never waits for its turn.
  void hurry(session_id where) {
    auto client = berth.connect("hasty");
    for (size_t turn = 0; turn < turns; ++turn) {
      auto text = "say hasty " + std::to_string(turn);
      auto what = order(where, text, wait_until::done);
      what.wait = {};
      if (auto mine = client.send(std::move(what))) {
        EXPECT_TRUE(is_own(mine, text));
        note(*mine, text);
      } else
        EXPECT_TRUE(is_busy(mine.error())) << mine.error().what;
    }
  }

  /// What it saw complete stays so.
  void look_on(session_id where) {
    auto client = berth.connect("onlooker");
    std::set<run_id> complete;
    poll_run what;
    what.session = where;
    what.wait = 100ms;
    while (working_ > 0) {
      auto seen = client.poll(what);
      if (seen && seen->state == session_state::complete)
        complete.insert(seen->run);
      EXPECT_TRUE(seen || seen.error().code == errc::run_unknown);
      for (const auto& x : got(client.show(where)).runs)
        EXPECT_TRUE(!complete.contains(x.run)
                    || x.state == session_state::complete);
    }
  }

  /// `taken` and its prompt, of every run that was confirmed, in that order.
  lines confirmed(session_id where) {
    lines result;
    for (const auto& x : berth.log().all())
      if (x.kind == event_kind::run_confirmed && x.session == where)
        result.push_back("taken " + texts_[x.run]);
    return result;
  }

  /// The runs of this session that events of this kind tell of.
  std::vector<run_id> runs_of(event_kind kind, session_id where) {
    std::vector<run_id> result;
    for (const auto& x : berth.log().all())
      if (x.kind == kind && x.session == where)
        result.push_back(x.run);
    return result;
  }

  std::atomic<size_t> working_{senders};

private:
  std::mutex mutex_;
  std::map<run_id, std::string> texts_;
};

} // namespace

TEST_F(TalksOfMany, T3_AreServedInOneOrder) {
  auto where = open();
  event_log heard;
  client::settings how;
  how.port = berth.port();
  how.on_event = [&](const event& x) {
    heard.add(x);
  };
  auto watcher = client::connection::open(how);
  ASSERT_TRUE(watcher) << watcher.error().what;
  got(watcher->watch(where));
  together(senders + 2, [&](size_t i) {
    if (i == senders)
      hurry(where);
    else if (i > senders)
      look_on(where);
    else {
      converse(where, i);
      --working_;
    }
  });
  const std::string text = "say last";
  auto last = query(where, text);
  EXPECT_TRUE(is_own(last, text));
  note(got(last), text);
  auto told = story(where, got(last).run);
  EXPECT_EQ(story(heard, where, got(last).run), told);
  // First come, first served; and one after the other.
  auto started = runs_of(event_kind::run_started, where);
  EXPECT_TRUE(std::ranges::is_sorted(started));
  EXPECT_EQ(std::ranges::adjacent_find(started), started.end());
  EXPECT_EQ(runs_of(event_kind::run_ended, where), started);
  auto is_turn = [](const std::string& x) {
    return x.starts_with("run_started") || x.starts_with("run_ended");
  };
  bool free = true;
  for (const auto& x : told | std::views::filter(is_turn)) {
    EXPECT_EQ(x.starts_with("run_started"), free) << x;
    free = !free;
  }
  EXPECT_EQ(arrived(), confirmed(where));
}

TEST_F(TalksOfMany, T3_WhoWaitsBlocksNobodyAndGetsATurnOrIsTold) {
  const std::string endless = "stream 5000 every 50", mine = "say patient";
  auto where = open();
  auto owner = begin(where, endless);
  ASSERT_TRUE(is_writing(where, owner.run));
  auto hasty = order(where, "say never", wait_until::done);
  hasty.wait = {};
  auto refused = me.send(hasty);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(is_busy(refused.error()));
  hasty.wait = 300ms;
  auto late = got(me.send(hasty));
  EXPECT_EQ(late.state, session_state::failed);
  EXPECT_TRUE(is_busy(late.why));
  EXPECT_EQ(late.why.owner, owner.run.value);
  auto patient = berth.connect("patient");
  auto turn = std::async(std::launch::async, [&] {
    return query(patient, where, mine);
  });
  ASSERT_TRUE(berth.log().wait([&](const event& x) {
    return x.kind == event_kind::run_queued && x.run > late.run;
  }));
  auto seen = got(me.show(where));
  EXPECT_EQ(seen.queued, 1u);
  EXPECT_EQ(seen.waiting, 1u);
  EXPECT_EQ(poll(where, owner.run).state, session_state::polling);
  EXPECT_EQ(poll(where, owner.run, 50ms).state, session_state::polling);
  EXPECT_EQ(stop(where).run, owner.run);
  EXPECT_TRUE(is_own(turn.get(), mine));
  EXPECT_EQ(arrived(), (lines{"taken " + endless, "taken " + mine}));
}

// -- T6 -----------------------------------------------------------------------

namespace {

class TalksInTime : public talk_test {
protected:
  TalksInTime()
    : talk_test{[](config& x) {
        auto& times = x.session.times;
        times.of_tier[static_cast<size_t>(tier::instant)] = 1s;
        times.grace = 2s;
      }} {
    // nop
  }

  run_view run_for(session_id where, const std::string& text,
                   const std::string& effort, duration timeout) {
    auto what = order(where, text);
    what.what.effort = effort;
    what.timeout = timeout;
    return poll(where, got(me.send(std::move(what))).run, patience);
  }

  /// How long the run was given.
  duration given(session_id where, run_id which) {
    auto started = hear(event_kind::run_started, where, which);
    return started ? started->estimate : duration{0};
  }

  static bool is_timed_out(const run_view& x) {
    return x.state == session_state::timed_out
           && x.why.code == errc::run_timed_out;
  }
};

} // namespace

TEST_F(TalksInTime, T6_AnExplicitTimeoutWinsOverTheTiers) {
  const std::string slow = "think 10m", fair = "think 1500; say fair";
  auto where = open();
  auto by_tier = run_for(where, slow, "instant", {});
  EXPECT_TRUE(is_timed_out(by_tier)) << by_tier.why.what;
  EXPECT_LE(given(where, by_tier.run), 1s);
  auto longer = run_for(where, fair, "instant", patience);
  EXPECT_TRUE(is_own(longer, fair));
  EXPECT_GT(given(where, longer.run), 1s);
  auto shorter = run_for(where, slow, "heavy", 3s);
  EXPECT_TRUE(is_timed_out(shorter)) << shorter.why.what;
  EXPECT_LE(given(where, shorter.run), 3s);
}

/// The page does not let it go: its tab ends with the lease.
TEST_F(TalksInTime, T6_TheLeaseFollowsTheDeadline) {
  const std::string deaf = "deaf; think 10m", next = "say next";
  constexpr duration timeout = 8s;
  auto where = open();
  auto what = order(where, deaf, wait_until::sent);
  what.timeout = timeout;
  auto mine = got(me.send(what));
  auto leases = berth.look().leases;
  ASSERT_EQ(leases.size(), 1u);
  auto lease = leases.front();
  EXPECT_EQ(lease.kind, holder_kind::session);
  EXPECT_LE(lease.expires_in, timeout + 2s);
  auto late = poll(where, mine.run, patience);
  EXPECT_TRUE(is_timed_out(late)) << late.why.what;
  EXPECT_TRUE(late.ending);
  ASSERT_TRUE(hear(event_kind::run_ended, where, mine.run));
  auto all = berth.log().all();
  auto place = [&](event_kind kind) {
    return std::ranges::find_if(all, [&](const event& x) {
      return x.kind == kind && (x.run == mine.run || x.lease == lease.lease);
    });
  };
  auto ended = place(event_kind::run_ended);
  EXPECT_LT(place(event_kind::run_settled), place(event_kind::lease_ended));
  EXPECT_LT(place(event_kind::lease_ended), ended);
  got(me.switch_to({"mirror", where}));
  EXPECT_TRUE(is_own(query(where, next), next));
  EXPECT_EQ(arrived(), (lines{"taken " + deaf, "taken " + next}));
}

// The promises of tabs and leases, on a real Chromium and over the CAF
// network.

#include "tests/e2e/harness.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <map>
#include <set>
#include <thread>

using namespace berth;
using namespace berth::tests;

namespace {

acquire of_key(const char* key, duration wait = {}) {
  acquire result;
  result.key = {key};
  result.wait = wait;
  return result;
}

} // namespace

// T4 crash
TEST(Leases, T4_AKilledAgentsTabIsReclaimedWithoutAnyoneActing) {
  live_daemon berth;
  child_process agent{
    {built("agent_process"), std::to_string(berth.port()), "web"}};
  auto ref = parse_lease_ref(agent.read_line().value_or(""));
  ASSERT_TRUE(ref);
  auto killed = std::chrono::steady_clock::now();
  agent.signal(SIGKILL);
  auto ended = berth.log().wait(event_kind::lease_ended, ref->lease);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->detail, "client_gone");
  auto left = berth.log().wait([](const event& x) {
    return x.kind == event_kind::client_left && x.detail == "agent process";
  });
  auto back = berth.log().wait(event_kind::slot_returned);
  ASSERT_TRUE(left && back);
  EXPECT_LT(std::chrono::steady_clock::now() - killed, 1s);
  auto now = berth.look();
  EXPECT_EQ(now.slots, 0u);
  EXPECT_EQ(now.browsers[0].tabs, 0u);
  EXPECT_TRUE(now.leases.empty());
}

TEST(Leases, T4_AStoppedAgentIsNoticedByItsSilence) {
  live_daemon berth{[](config& x) {
    x.door.heartbeat = 1s;
    x.door.silence_max = 4s;
  }};
  child_process agent{
    {built("agent_process"), std::to_string(berth.port()), "web"}};
  auto ref = parse_lease_ref(agent.read_line().value_or(""));
  ASSERT_TRUE(ref);
  agent.signal(SIGSTOP);
  auto ended = berth.log().wait(event_kind::lease_ended, ref->lease);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->detail, "client_gone");
}

// T5 cap
TEST(Leases, T5_NeverMoreTabsThanTheCapAndTheRefusedLeaveNothing) {
  live_daemon berth;
  auto me = berth.connect();
  std::mutex mutex;
  std::vector<client::tab> tabs;
  std::vector<failure> refused;
  together(12, [&](size_t) {
    auto got = me.acquire(of_key("chatgpt"));
    std::lock_guard guard{mutex};
    if (got)
      tabs.push_back(std::move(*got));
    else
      refused.push_back(got.error());
  });
  EXPECT_EQ(tabs.size(), 5u);
  ASSERT_EQ(refused.size(), 7u);
  for (const auto& x : refused) {
    EXPECT_EQ(x.code, errc::capacity);
    EXPECT_EQ(x.active, 5u);
    EXPECT_EQ(x.cap, 5u);
    EXPECT_GT(x.retry_after, duration{0});
  }
  auto now = berth.look();
  EXPECT_EQ(now.slots, 5u);
  EXPECT_EQ(now.browsers[0].tabs, 5u);
  EXPECT_EQ(now.leases.size(), 5u);
  EXPECT_TRUE(now.tickets.empty());
  // A key at its cap never blocks another.
  EXPECT_TRUE(me.acquire(of_key("gemini")));
}

TEST(Leases, T5_WhoWaitsGetsItsTurnAndMayGiveUp) {
  live_daemon berth{[](config& x) {
    x.admission.per_key = 1;
  }};
  auto me = berth.connect();
  auto first = me.acquire(of_key("web"));
  ASSERT_TRUE(first);
  std::thread second{[&] {
    EXPECT_TRUE(me.acquire(of_key("web", 60s)));
  }};
  auto ticket = berth.log().wait(event_kind::ticket_issued);
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->ahead, 0u);
  EXPECT_GT(ticket->estimate, duration{0});
  std::thread third{[&] {
    auto got = me.acquire(of_key("web", 60s));
    EXPECT_FALSE(got);
    EXPECT_EQ(got.error().code, errc::ticket_cancelled);
  }};
  auto behind = berth.log().wait([&](const event& x) {
    return x.kind == event_kind::ticket_issued && x.ticket != ticket->ticket;
  });
  ASSERT_TRUE(behind);
  EXPECT_EQ(behind->ahead, 1u);
  EXPECT_TRUE(me.cancel(behind->ticket));
  third.join();
  EXPECT_TRUE(first->release());
  second.join();
  EXPECT_EQ(me.cancel(behind->ticket).error().code, errc::ticket_unknown);
}

// L1 exclusive, T2 bind
TEST(Leases, L1_NoTabIsEverHandedToTwoAmong32ClientsAnd800Acquires) {
  constexpr size_t clients = 32, turns = 25;
  live_daemon berth{[](config& x) {
    x.admission.per_key = 8;
    x.admission.waiters_max = 1000;
  }};
  std::atomic<size_t> granted{0}, wrong{0};
  together(clients, [&](size_t i) {
    auto me = berth.connect("client " + std::to_string(i));
    for (size_t turn = 0; turn < turns; ++turn) {
      auto tab = me.acquire(of_key("web", 10min));
      if (!tab)
        continue;
      ++granted;
      auto mine = std::to_string(i) + "/" + std::to_string(turn);
      // A tab that another one drives, too, would carry its mark.
      auto before = tab->evaluate("window.mark || ''");
      auto after = tab->evaluate("window.mark = '" + mine + "'");
      auto read = tab->evaluate("window.mark");
      if (!before || before->value != "\"\"" || !after || !read
          || read->value != "\"" + mine + "\"")
        ++wrong;
      if (!tab->release())
        ++wrong;
    }
  });
  EXPECT_EQ(granted, clients * turns);
  EXPECT_EQ(wrong, 0u);
  auto now = berth.look();
  EXPECT_EQ(now.slots, 0u);
  EXPECT_EQ(now.browsers[0].tabs, 0u);

  std::set<lease_id> rows;
  std::map<std::string, lease_id> holders;
  fencing_token last;
  for (const auto& x : berth.log().all()) {
    if (x.kind == event_kind::lease_granted) {
      EXPECT_LT(last, x.token);
      last = x.token;
      rows.insert(x.lease);
    } else if (x.kind == event_kind::lease_bound) {
      // T2: the row was there before its tab.
      EXPECT_TRUE(rows.contains(x.lease));
      EXPECT_TRUE(holders.emplace(x.target, x.lease).second) << x.target;
    } else if (x.kind == event_kind::lease_ended) {
      EXPECT_EQ(x.detail, "released");
    }
    EXPECT_NE(x.kind, event_kind::events_missed);
  }
}

// L4 slide
TEST(Leases, L4_SilenceEndsALeaseThatNobodyRenews) {
  live_daemon berth;
  auto what = of_key("web");
  what.kind = holder_kind::session;
  what.ttl = 1s;
  lease_credential mine;
  {
    auto me = berth.connect();
    auto tab = me.acquire(what);
    ASSERT_TRUE(tab);
    mine = tab->keep();
  }
  // The connection is gone, its lease is not; but nobody is heard from.
  auto ended = berth.log().wait(event_kind::lease_ended, mine.ref.lease);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->detail, "expired");
  EXPECT_EQ(berth.connect().renew({mine, {}}).error().code, errc::lease_gone);
}

// L5 fence
TEST(Leases, L5_AnotherTokenIsRefusedForEveryCommand) {
  live_daemon berth;
  auto me = berth.connect();
  auto tab = me.acquire(of_key("web"));
  ASSERT_TRUE(tab);
  auto old = tab->lease();
  --old.ref.token.sequence;
  auto other = berth.connect("thief");
  auto thief = other.adopt(old);
  std::vector<outcome<answer>> answers{
    thief.evaluate("1"),
    thief.navigate("https://example.com"),
    thief.click("a"),
    thief.type("a", "x"),
    thief.wait_visible("a"),
    thief.screenshot(),
    thief.text(),
    thief.recover(),
    thief.run(call_cdp{{}, "Page.reload", {}}),
    thief.run(upload{{}, "a", {}}),
    thief.run(set_download_directory{{}, "/nowhere"}),
    thief.run(describe_tab{}),
  };
  for (const auto& x : answers) {
    ASSERT_FALSE(x);
    EXPECT_EQ(x.error().code, errc::wrong_credential);
  }
  EXPECT_EQ(me.renew({old, {}}).error().code, errc::wrong_credential);
  EXPECT_EQ(me.release(old).error().code, errc::wrong_credential);
  auto ref = tab->lease();
  EXPECT_TRUE(tab->evaluate("1"));
  EXPECT_TRUE(tab->release());
  EXPECT_EQ(me.adopt(ref).evaluate("1").error().code, errc::lease_gone);
}

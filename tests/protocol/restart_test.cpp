// What the rules make of that which an earlier crew has left: promise L2.

#include "protocol/admission_queue.hpp"
#include "protocol/lease_table.hpp"
#include "protocol/session_machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{5h};
constexpr client_id alice{1};
const work_key web{"web"};

/// As it was written down: bound, under epoch 3.
lease kept_lease(holder_kind kind) {
  lease result;
  result.id = {9};
  result.token = {3, 12};
  result.key = web;
  result.kind = kind;
  result.client = alice;
  result.slot = {4};
  result.state = lease_state::bound;
  result.target = {"T"};
  result.generation = 2;
  result.ttl = 20s;
  return result;
}

lease_table next_table(holder_kind kind) {
  lease_table result{4, {.return_within = 30s}};
  result.keep(kept_lease(kind), start - 5min);
  result.begin(start);
  return result;
}

admission_queue narrow_queue() {
  admission_queue::limits most;
  most.per_key = 1;
  return admission_queue{most};
}

constexpr lease_ref its_ref{{9}, {3, 12}};

/// One run under way, and another that waits.
session_machine busy_session() {
  session_row row;
  row.id = {7};
  row.provider = "a";
  session_machine result{row, {}, start};
  send_prompt what;
  what.by = alice;
  what.what.text = "Why?";
  what.wait = 1h;
  auto first = result.send(what, start).run;
  result.send(what, start);
  result.report({{first, 1}, page_named{"https://a/1", ""}}, start);
  result.report({{first, 1}, prompt_seen{}}, start);
  return result;
}

} // namespace

TEST(Restart, L2_ALeaseLivesOnWithItsToken) {
  auto table = next_table(holder_kind::client);
  EXPECT_EQ(table.check(its_ref, start), errc::ok);
  EXPECT_EQ(table.next_deadline(), start + 30s);
  // She comes back, and has her ttl again.
  table.join(alice, start + 29s);
  EXPECT_EQ(table.next_deadline(), start + 29s + 20s);
}

TEST(Restart, L2_NoTimeRunsUntilLeasesCanBeUsed) {
  for (auto kind : {holder_kind::client, holder_kind::session}) {
    lease_table table{4, {.return_within = 30s}};
    table.keep(kept_lease(kind), start);
    // Chrome takes its time to start.
    EXPECT_EQ(table.next_deadline(), std::nullopt);
    EXPECT_TRUE(table.expire(start + 10min).events.empty());
    EXPECT_EQ(table.check(its_ref, start + 10min), errc::ok);
    table.begin(start + 10min);
    EXPECT_EQ(table.next_deadline(),
              start + 10min + (kind == holder_kind::client ? 30s : 20s));
  }
}

TEST(Restart, L2_WhatIsGrantedNextIsNewer) {
  auto table = next_table(holder_kind::client);
  table.join(alice, start);
  auto decision = table.grant({alice, web, {5}}, start);
  auto& granted = std::get<lease_granted>(decision.events.at(0)).lease;
  EXPECT_GT(granted.id, its_ref.lease);
  EXPECT_GT(granted.token, its_ref.token);
}

TEST(Restart, L2_WhoDoesNotComeBackInTimeLosesItsLease) {
  auto table = next_table(holder_kind::client);
  EXPECT_TRUE(table.expire(start + 30s - 1ns).events.empty());
  auto over = table.expire(start + 30s);
  ASSERT_EQ(over.events.size(), 1u);
  EXPECT_EQ(std::get<lease_ended>(over.events[0]).why, end_reason::client_gone);
}

TEST(Restart, L2_ASessionHeldLeaseHasItsTtlAgain) {
  auto table = next_table(holder_kind::session);
  EXPECT_EQ(table.next_deadline(), start + 20s);
}

TEST(Restart, L2_ARecoveredTabHasTheNextGeneration) {
  auto table = next_table(holder_kind::client);
  EXPECT_EQ(table.bind({its_ref, {"U"}, 2}, start).verdict, errc::stale_token);
  EXPECT_EQ(table.bind({its_ref, {"U"}, 3}, start).verdict, errc::ok);
}

TEST(Restart, T5_ASlotThatWasTakenIsStillTaken) {
  auto queue = narrow_queue();
  queue.keep({7}, web, start);
  EXPECT_EQ(queue.active(web), 1u);
  EXPECT_EQ(queue.ask({alice, web, {}}, start).why.code, errc::capacity);
  queue.give_back({7}, start + 1s);
  auto granted = queue.ask({alice, web, {}}, start + 1s);
  EXPECT_EQ(std::get<slot_granted>(granted.events.at(0)).slot, slot_id{8});
}

/// The caps may be lower than they were.
TEST(Restart, T5_MoreSlotsAreKeptThanWouldBeGranted) {
  auto queue = narrow_queue();
  for (uint64_t i = 1; i <= 3; ++i)
    queue.keep({i}, web, start);
  EXPECT_EQ(queue.active(web), 3u);
  for (uint64_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(queue.ask({alice, web, {}}, start).why.code, errc::capacity);
    queue.give_back({i}, start);
  }
  EXPECT_EQ(queue.ask({alice, web, {}}, start).why.code, errc::ok);
}

TEST(Restart, L2_ARunGoesOnAndHasLostNoTab) {
  auto before = busy_session();
  for (int i = 0; i < 9; ++i) { // However often.
    session_machine after{before.row(), {}, start};
    auto decision = after.resume(start);
    ASSERT_EQ(decision.acts.size(), 1u);
    auto& act = std::get<recover_tab_of>(decision.acts[0]);
    EXPECT_EQ(act.url, "https://a/1");
    EXPECT_TRUE(after.resume(start).acts.empty());
    EXPECT_EQ(after.find(act.run.run)->tabs_lost, 0u);
    before = after;
  }
}

TEST(Restart, L2_WhoWaitedForItsTurnWaitsStill) {
  session_machine after{busy_session().row(), {}, start};
  after.resume(start);
  run_ref first{{1}, 2};
  after.report({first, tab_back{}}, start);
  auto decision = after.report({first, answer_done{"So."}}, start);
  bool second = std::ranges::any_of(decision.acts, [](const auto& x) {
    auto begun = std::get_if<begin_run>(&x);
    return begun && begun->run.run == run_id{2};
  });
  EXPECT_TRUE(second);
}

TEST(Restart, AnIdleSessionDoesNothing) {
  session_row row;
  row.id = {7};
  session_machine after{row, {}, start};
  EXPECT_EQ(after.resume(start), session_decision{});
}

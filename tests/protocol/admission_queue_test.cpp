#include "protocol/admission_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};
const work_key web{"web"};
const work_key chat{"chat"};

template <class Event>
std::vector<Event> only(const admission_decision& from) {
  std::vector<Event> result;
  for (const auto& x : from.events)
    if (auto found = std::get_if<Event>(&x))
      result.push_back(*found);
  return result;
}

struct AdmissionQueue : testing::Test {
  admission_queue queue{{.per_key = 2,
                         .of_key = {{chat, 1}},
                         .global = 4,
                         .tabs = 6,
                         .waiters_max = 6,
                         .waiters_per_client_max = 3,
                         .wait_max = 10min,
                         .retry_after_min = 2s,
                         .turn_guess = 30s}};

  admission_decision
  ask(uint64_t client, const work_key& key, duration wait = {}) {
    return queue.ask({{client}, key, wait}, start);
  }

  slot_id slot(uint64_t client, const work_key& key) {
    auto granted = only<slot_granted>(ask(client, key));
    EXPECT_EQ(granted.size(), 1u);
    return granted.at(0).slot;
  }

  ticket_id
  wait(uint64_t client, const work_key& key, duration how_long = 1min) {
    auto issued = only<ticket_issued>(ask(client, key, how_long));
    EXPECT_EQ(issued.size(), 1u);
    return issued.at(0).ticket.id;
  }

  /// Whose turn it was, one after the other, while the same slot goes round.
  std::vector<uint64_t> turns(slot_id from, size_t count) {
    std::vector<uint64_t> result;
    for (size_t i = 0; i < count; ++i) {
      auto next = only<slot_granted>(queue.give_back(from, start));
      EXPECT_EQ(next.size(), 1u);
      result.push_back(next.at(0).client.value);
      from = next.at(0).slot;
    }
    return result;
  }
};

failure refusal(errc code, std::string what, uint64_t active, uint64_t cap) {
  auto result = fail(code, std::move(what));
  result.active = active;
  result.cap = cap;
  return result;
}

} // namespace

// -- caps ---------------------------------------------------------------------

TEST_F(AdmissionQueue, GrantsASlotAtOnceWhileThereIsRoom) {
  EXPECT_EQ(ask(1, web),
            (admission_decision{{}, {slot_granted{{1}, {}, {1}, web}}}));
  EXPECT_EQ(queue.active(), 1u);
  EXPECT_EQ(queue.active(web), 1u);
}

TEST_F(AdmissionQueue, T5_RefusesWithTheNumbersOfAFullKey) {
  slot(1, web);
  slot(2, web);
  auto expected = refusal(errc::capacity,
                          "Key 'web' has all its tabs in use (2 of 2).", 2, 2);
  expected.retry_after = 15s;
  EXPECT_EQ(ask(3, web), (admission_decision{expected, {}}));
}

TEST_F(AdmissionQueue, T5_RefusesWithTheNumbersOfTheGlobalCap) {
  for (auto key : {"a", "b", "c", "d"})
    slot(1, {key});
  auto why = ask(1, web).why;
  EXPECT_EQ(why.code, errc::capacity);
  EXPECT_EQ(why.what, "All keys together have all their tabs in use (4 of 4).");
  EXPECT_EQ(why.active, 4u);
  EXPECT_EQ(why.cap, 4u);
}

TEST_F(AdmissionQueue, T5_RefusesWithTheNumbersOfTheTabCap) {
  slot(1, web);
  queue.note_extra_tabs(5, start);
  auto why = ask(1, chat).why;
  EXPECT_EQ(why.what,
            "The browser has all the tabs that it may have (6 of 6).");
  EXPECT_EQ(why.active, 6u);
  EXPECT_EQ(why.cap, 6u);
}

TEST_F(AdmissionQueue, T5_NeverGrantsMoreThanTheCap) {
  for (size_t count = 1; count <= 32; ++count) {
    queue
      = admission_queue{{.per_key = 5, .of_key = {}, .global = 14, .tabs = 20}};
    size_t granted = 0;
    for (size_t i = 1; i <= count; ++i) {
      auto decision = ask(i, web);
      granted += decision.events.size();
      EXPECT_EQ(decision.why.code, i <= 5 ? errc::ok : errc::capacity);
    }
    EXPECT_EQ(granted, std::min<size_t>(count, 5));
    EXPECT_EQ(queue.active(), granted);
  }
}

TEST_F(AdmissionQueue, T5_NeverLetsAFullKeyBlockAnother) {
  slot(1, chat);
  wait(2, chat);
  EXPECT_EQ(only<slot_granted>(ask(3, web)).size(), 1u);
  EXPECT_EQ(only<slot_granted>(ask(4, web, 1min)).size(), 1u);
}

TEST_F(AdmissionQueue, T5_ServesAKeyBehindOneThatIsFull) {
  slot(1, chat);
  auto a = slot(1, {"a"});
  slot(1, {"b"});
  slot(1, {"c"});
  wait(2, chat);
  auto behind = wait(3, web);
  auto served = only<slot_granted>(queue.give_back(a, start));
  ASSERT_EQ(served.size(), 1u);
  EXPECT_EQ(served[0].ticket, behind);
}

// -- slots that come back -----------------------------------------------------

TEST_F(AdmissionQueue, GivesAReturnedSlotToWhoWaits) {
  auto first = slot(1, chat);
  auto ticket = wait(2, chat);
  EXPECT_EQ(
    queue.give_back(first, start),
    (admission_decision{
      {}, {slot_returned{first, chat}, slot_granted{{2}, ticket, {2}, chat}}}));
  EXPECT_TRUE(queue.waiting(start).empty());
}

TEST_F(AdmissionQueue, TakesASlotBackOnce) {
  auto first = slot(1, web);
  queue.give_back(first, start);
  EXPECT_EQ(queue.give_back(first, start), admission_decision{});
  EXPECT_EQ(queue.give_back({99}, start), admission_decision{});
  EXPECT_EQ(queue.active(), 0u);
}

TEST_F(AdmissionQueue, ServesWhoWaitsWhenExtraTabsClose) {
  queue.note_extra_tabs(6, start);
  wait(1, web);
  wait(1, web);
  EXPECT_TRUE(queue.note_extra_tabs(6, start).events.empty());
  EXPECT_EQ(queue.note_extra_tabs(5, start).events.size(), 1u);
  EXPECT_EQ(queue.note_extra_tabs(4, start).events.size(), 1u);
}

// -- turns --------------------------------------------------------------------

TEST_F(AdmissionQueue, L6_LetsTheClientsOfAKeyTakeTurns) {
  auto only_slot = slot(9, chat);
  wait(1, chat);
  wait(1, chat);
  wait(1, chat);
  wait(2, chat);
  wait(2, chat);
  wait(3, chat);
  EXPECT_EQ(turns(only_slot, 6), (std::vector<uint64_t>{1, 2, 3, 1, 2, 1}));
}

TEST_F(AdmissionQueue, L6_LetsTheKeysTakeTurnsUnderTheGlobalCap) {
  queue = admission_queue{{.per_key = 9, .of_key = {}, .global = 1, .tabs = 9}};
  auto only_slot = slot(9, web);
  for (int i = 0; i < 3; ++i)
    wait(1, {"a"});
  wait(2, {"b"});
  wait(2, {"b"});
  wait(3, {"c"});
  EXPECT_EQ(turns(only_slot, 6), (std::vector<uint64_t>{1, 2, 3, 1, 2, 1}));
}

TEST_F(AdmissionQueue, L6_NeverLetsANewcomerOvertake) {
  auto only_slot = slot(9, chat);
  auto first = wait(1, chat);
  EXPECT_EQ(ask(2, chat).why.code, errc::capacity);
  auto served = only<slot_granted>(queue.give_back(only_slot, start));
  ASSERT_EQ(served.size(), 1u);
  EXPECT_EQ(served[0].ticket, first);
  EXPECT_EQ(ask(2, chat).why.code, errc::capacity);
}

/// Everybody is served from the same two slots; the greedy one holds as many
/// places in the queue as it may, the modest ones hold one each.
TEST_F(AdmissionQueue, L6_ServesAGreedyClientNoBetterThanModestOnes) {
  constexpr size_t clients = 16;
  queue = admission_queue{
    {.per_key = 2, .of_key = {}, .waiters_per_client_max = 32}};
  std::map<client_id, double> served;
  std::deque<slot_id> taken{slot(99, web), slot(99, web)};
  auto now = start;
  for (int round = 0; round < 800; ++round, now += 1s) {
    auto line = queue.waiting(now);
    for (uint64_t i = 1; i <= clients; ++i) {
      auto mine = std::ranges::count(line, client_id{i}, &ticket::client);
      for (auto most = i == 1 ? 32 : 1; mine < most; ++mine)
        queue.ask({{i}, web, 30min}, now);
    }
    for (auto& x : only<slot_granted>(queue.give_back(taken.front(), now))) {
      ++served[x.client];
      taken.push_back(x.slot);
    }
    taken.pop_front();
  }
  double sum = 0;
  double squares = 0;
  for (auto& [client, count] : served) {
    sum += count;
    squares += count * count;
  }
  EXPECT_EQ(sum, 800);
  EXPECT_GT(sum * sum / (clients * squares), 0.95);
}

// -- tickets ------------------------------------------------------------------

TEST_F(AdmissionQueue, L6_ShowsPlaceEstimateAndDeadlineOfATicket) {
  slot(9, chat);
  auto issued = only<ticket_issued>(ask(1, chat, 1min));
  ASSERT_EQ(issued.size(), 1u);
  EXPECT_EQ(issued[0].ticket, (ticket{{1}, {1}, chat, 0, 30s, start + 1min}));
  wait(1, chat);
  wait(2, chat);
  auto line = queue.waiting(start);
  ASSERT_EQ(line.size(), 3u);
  EXPECT_EQ(line[0].ahead, 0u);
  // The second of the first client comes after the first of the second one.
  EXPECT_EQ(line[1], (ticket{{2}, {1}, chat, 2, 90s, start + 1min}));
  EXPECT_EQ(line[2], (ticket{{3}, {2}, chat, 1, 60s, start + 1min}));
}

TEST_F(AdmissionQueue, L6_TellsEveryTicketItsTruePlace) {
  auto last = slot(9, chat);
  for (uint64_t client : {1u, 1u, 2u, 3u, 3u, 1u})
    wait(client, chat);
  while (!queue.waiting(start).empty()) {
    auto line = queue.waiting(start);
    std::set<uint64_t> places;
    for (auto& x : line)
      places.insert(x.ahead);
    EXPECT_EQ(places.size(), line.size());
    EXPECT_EQ(*places.rbegin(), line.size() - 1);
    auto served = only<slot_granted>(queue.give_back(last, start)).at(0);
    EXPECT_EQ(std::ranges::find(line, served.ticket, &ticket::id)->ahead, 0u);
    last = served.slot;
  }
}

TEST_F(AdmissionQueue, L6_EndsATicketAtItsDeadline) {
  slot(9, chat);
  auto first = wait(1, chat, 20s);
  wait(2, chat, 30s);
  EXPECT_EQ(queue.next_deadline(), start + 20s);
  EXPECT_TRUE(queue.expire(start + 20s - 1ns).events.empty());
  EXPECT_EQ(queue.expire(start + 20s),
            (admission_decision{
              {}, {ticket_ended{first, {1}, chat, errc::ticket_expired}}}));
  EXPECT_EQ(queue.next_deadline(), start + 30s);
}

TEST_F(AdmissionQueue, GivesNoSlotToATicketThatIsOver) {
  auto only_slot = slot(9, chat);
  wait(1, chat, 20s);
  auto second = wait(2, chat, 30s);
  auto decision = queue.give_back(only_slot, start + 20s);
  EXPECT_EQ(only<ticket_ended>(decision).size(), 1u);
  EXPECT_EQ(only<slot_granted>(decision).at(0).ticket, second);
}

TEST_F(AdmissionQueue, CutsAWaitThatIsTooLong) {
  slot(9, chat);
  wait(1, chat, 5h);
  EXPECT_EQ(queue.next_deadline(), start + 10min);
}

TEST_F(AdmissionQueue, L6_CancelsATicketForItsOwnClientOnly) {
  slot(9, chat);
  auto mine = wait(1, chat);
  auto why = queue.cancel({2}, mine, start).why;
  EXPECT_EQ(why, fail(errc::ticket_unknown, "Ticket 1 does not wait."));
  EXPECT_EQ(queue.cancel({1}, mine, start),
            (admission_decision{
              {}, {ticket_ended{mine, {1}, chat, errc::ticket_cancelled}}}));
  EXPECT_EQ(queue.cancel({1}, mine, start).why.code, errc::ticket_unknown);
  EXPECT_EQ(queue.next_deadline(), std::nullopt);
}

TEST_F(AdmissionQueue, L6_EndsTheTicketsOfADeadClientButKeepsItsSlots) {
  auto held = slot(1, chat);
  auto first = wait(1, chat);
  auto second = wait(2, chat);
  EXPECT_EQ(queue.drop({1}, start),
            (admission_decision{
              {}, {ticket_ended{first, {1}, chat, errc::client_gone}}}));
  EXPECT_EQ(queue.active(chat), 1u);
  auto served = only<slot_granted>(queue.give_back(held, start));
  EXPECT_EQ(served.at(0).ticket, second);
}

// -- bounds and estimates -----------------------------------------------------

TEST_F(AdmissionQueue, TellsAClientThatItHasTooManyTickets) {
  slot(9, chat);
  for (int i = 0; i < 3; ++i)
    wait(1, chat);
  auto expected = refusal(errc::queue_full,
                          "This client has 3 of 3 tickets in the queue.", 3, 3);
  expected.retry_after = 2min;
  EXPECT_EQ(ask(1, chat, 1min), (admission_decision{expected, {}}));
  EXPECT_EQ(only<ticket_issued>(ask(2, chat, 1min)).size(), 1u);
}

TEST_F(AdmissionQueue, TellsTheOneTooManyThatTheQueueIsFull) {
  slot(9, chat);
  for (uint64_t i = 1; i <= 6; ++i)
    wait(i, chat);
  auto why = ask(7, chat, 1min).why;
  EXPECT_EQ(why.code, errc::queue_full);
  EXPECT_EQ(why.what, "All clients together have 6 of 6 tickets in the queue.");
  EXPECT_EQ(why.active, 6u);
  EXPECT_EQ(why.cap, 6u);
}

TEST_F(AdmissionQueue, ChangesNothingWhenItRefuses) {
  slot(9, chat);
  wait(1, chat, 5s);
  auto before = queue.waiting(start);
  // Even the ticket that is over waits for `expire`, which tells of its end.
  auto late = queue.ask({{2}, chat, {}}, start + 5s);
  EXPECT_EQ(late.why.code, errc::capacity);
  EXPECT_TRUE(late.events.empty());
  EXPECT_EQ(queue.waiting(start), before);
}

TEST_F(AdmissionQueue, LearnsFromThePastHowLongATurnTakes) {
  auto first = slot(1, chat);
  EXPECT_EQ(ask(2, chat).why.retry_after, duration{30s});
  queue.give_back(first, start + 80s);
  auto second = slot(1, chat);
  EXPECT_EQ(ask(2, chat).why.retry_after, duration{80s});
  queue.give_back(second, start);
  slot(1, chat);
  // An eighth of the way from 80 s to no time at all.
  EXPECT_EQ(ask(2, chat).why.retry_after, duration{70s});
}

TEST_F(AdmissionQueue, AsksNobodyToComeBackTooSoon) {
  queue.give_back(slot(1, chat), start + 1ms);
  slot(1, chat);
  EXPECT_EQ(ask(2, chat).why.retry_after, duration{2s});
}

TEST_F(AdmissionQueue, ListsKeysThatAreInUseOrHaveACapOfTheirOwn) {
  slot(1, web);
  EXPECT_EQ(queue.keys(), (std::vector<work_key>{chat, web}));
  EXPECT_EQ(queue.cap(chat), 1u);
  EXPECT_EQ(queue.cap(web), 2u);
}

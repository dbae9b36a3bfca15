#include "protocol/admission_board.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};
const work_key web{"web"};

template <class Event>
std::vector<Event> only(const admission_decision& from) {
  std::vector<Event> result;
  for (const auto& x : from.events)
    if (auto found = std::get_if<Event>(&x))
      result.push_back(*found);
  return result;
}

browser_standing
standing(const char* name, browser_health state = browser_health::ready,
         bool draining = false) {
  return {{name},
          state,
          draining,
          state == browser_health::ready ? "" : std::string{"Of "} + name,
          7s};
}

struct AdmissionBoard : testing::Test {
  AdmissionBoard() {
    for (auto name : {"a", "b", "c"})
      board.stand(standing(name), caps, start);
  }

  admission_decision ask(const work_key& key, duration wait = {},
                         const char* where = "", uint64_t client = 1) {
    return board.ask({{client}, key, wait, {where}}, start);
  }

  /// Where it was granted; empty: it was not.
  std::string granted(const admission_decision& x) {
    auto all = only<slot_granted>(x);
    return all.empty() ? "" : all.front().browser.value;
  }

  admission_decision quarantine(const std::string& name) {
    return board.stand(standing(name.c_str(), browser_health::quarantined),
                       caps, start);
  }

  admission_queue::limits caps{
    .per_key = 2, .of_key = {}, .global = 3, .tabs = 4};
  admission_board board;
};

} // namespace

TEST_F(AdmissionBoard, KeepsAKeyTogetherWhileThereIsRoom) {
  for (auto key : {"web", "chat", "mail", "k1", "k2"}) {
    auto first = granted(ask({key}));
    EXPECT_EQ(granted(ask({key})), first) << key;
    board = {};
    for (auto name : {"c", "b", "a"}) // Whatever their order.
      board.stand(standing(name), caps, start);
    EXPECT_EQ(granted(ask({key})), first) << key;
  }
}

TEST_F(AdmissionBoard, SpreadsKeys) {
  std::set<std::string> homes;
  for (int i = 0; i < 30; ++i) {
    auto got = only<slot_granted>(ask({"key" + std::to_string(i)}));
    homes.insert(got.front().browser.value);
    board.give_back(got.front().slot, start);
  }
  EXPECT_EQ(homes.size(), 3u);
}

TEST_F(AdmissionBoard, SendsAKeyThatIsAtItsCapWhereMostRoomIs) {
  auto home = granted(ask(web));
  ask(web);
  auto other = granted(ask(web));
  EXPECT_NE(other, home);
  EXPECT_NE(granted(ask(web)), home);
  ask(web), ask(web);
  EXPECT_EQ(ask(web).why.code, errc::capacity);
  // And blocks no other key there.
  EXPECT_NE(granted(ask({"other"})), "");
}

TEST_F(AdmissionBoard, NumbersSlotsAndTicketsOverAllOfThem) {
  std::set<slot_id> slots;
  for (auto name : {"a", "b", "c", "a"})
    slots.insert(only<slot_granted>(ask(web, {}, name)).front().slot);
  EXPECT_EQ(slots.size(), 4u);
  board.keep({"b"}, {70}, web, start);
  EXPECT_EQ(only<slot_granted>(ask(web, {}, "c")).front().slot, slot_id{71});
}

TEST_F(AdmissionBoard, TakesANameAtItsWord) {
  EXPECT_EQ(granted(ask(web, {}, "b")), "b");
  ask(web, {}, "b");
  EXPECT_EQ(ask(web, {}, "b").why.code, errc::capacity);
  auto why = ask(web, {}, "nobody").why;
  EXPECT_EQ(why.code, errc::browser_unknown);
}

TEST_F(AdmissionBoard, PrefersOneThatIsReady) {
  auto home = granted(ask(web));
  board.stand(standing(home.c_str(), browser_health::waiting), caps, start);
  EXPECT_NE(granted(ask(web)), home);
}

TEST_F(AdmissionBoard, B1_SpeaksForABrowserInItsOwnWordsOnly) {
  using enum browser_health;
  std::vector<std::pair<browser_health, bool>> all;
  for (auto state : {starting, ready, waiting, stopped, quarantined})
    for (bool draining : {false, true})
      all.emplace_back(state, draining);
  for (auto [mine, mine_drains] : all) {
    auto me = standing("a", mine, mine_drains);
    admission_board alone;
    alone.stand(me, caps, start);
    auto wanted = alone.ask({{1}, web, {}, {"a"}}, start);
    for (auto [second, second_drains] : all)
      for (auto [third, third_drains] : all) {
        admission_board three;
        three.stand(standing("b", second, second_drains), caps, start);
        three.stand(me, caps, start);
        three.stand(standing("c", third, third_drains), caps, start);
        EXPECT_EQ(three.ask({{1}, web, {}, {"a"}}, start), wanted);
      }
    if (!takes_leases(me)) {
      EXPECT_EQ(wanted.why, why_not(me));
    }
  }
}

TEST_F(AdmissionBoard, SaysHowLongItRestsFromNowOn) {
  quarantine("b");
  ask_slot what{{1}, web, {}, {"b"}};
  EXPECT_EQ(board.ask(what, start).why.retry_after, duration{7s});
  EXPECT_EQ(board.ask(what, start + 5s).why.retry_after, duration{2s});
  EXPECT_EQ(board.ask(what, start + 9s).why.retry_after, duration{0});
}

TEST_F(AdmissionBoard, B1_LetsAllSpeakToWhoeverNamedNone) {
  for (auto name : {"a", "b", "c"})
    quarantine(name);
  auto why = ask(web).why;
  EXPECT_EQ(why.code, errc::browser_unavailable);
  for (auto words : {"Of a", "Of b", "Of c"})
    EXPECT_NE(why.what.find(words), std::string::npos) << why.what;
}

TEST_F(AdmissionBoard, B2_GivesBackASlotWhereItWasAndNowhereElse) {
  std::vector<slot_granted> all;
  for (auto name : {"a", "a", "b", "b", "c", "c"})
    all.push_back(only<slot_granted>(ask(web, {}, name)).front());
  board.give_back(all[2].slot, start);
  EXPECT_EQ(board.find({"a"})->active(), 2u);
  EXPECT_EQ(board.find({"b"})->active(), 1u);
  EXPECT_EQ(board.find({"c"})->active(), 2u);
  board.give_back(all[2].slot, start); // Once.
  EXPECT_EQ(granted(ask(web)), "b");
  EXPECT_EQ(granted(ask(web)), "");
}

TEST_F(AdmissionBoard, MovesWaitersOnWhenTheirBrowserRests) {
  for (int i = 0; i < 6; ++i)
    ask(web);
  auto waits = only<ticket_issued>(ask(web, 1min)).front().ticket;
  auto moved = quarantine(waits.browser.value);
  EXPECT_TRUE(moved.events.empty()); // It has its ticket still.
  ASSERT_EQ(board.waiting(start).size(), 1u);
  auto now = board.waiting(start).front();
  EXPECT_EQ(now.id, waits.id);
  EXPECT_EQ(now.deadline, waits.deadline);
  EXPECT_NE(now.browser, waits.browser);
}

TEST_F(AdmissionBoard, B1_TellsWaitersWhoNamedABrowserWhyItRests) {
  ask(web, {}, "b"), ask(web, {}, "b");
  auto waits = only<ticket_issued>(ask(web, 1min, "b")).front().ticket;
  EXPECT_TRUE(quarantine("a").events.empty());
  auto over = only<ticket_ended>(quarantine("b"));
  ASSERT_EQ(over.size(), 1u);
  EXPECT_EQ(over[0].ticket, waits.id);
  EXPECT_EQ(over[0].why, errc::browser_unavailable);
  EXPECT_EQ(over[0].words,
            why_not(standing("b", browser_health::quarantined)).what);
}

TEST_F(AdmissionBoard, ServesAWaiterWhereverASlotComesBack) {
  std::vector<slot_granted> all;
  for (int i = 0; i < 6; ++i)
    all.push_back(only<slot_granted>(ask(web)).front());
  auto waits = only<ticket_issued>(ask(web, 1min)).front().ticket;
  auto other = std::ranges::find_if(all, [&](const auto& x) {
    return x.browser != waits.browser;
  });
  EXPECT_TRUE(board.is_wanted(other->browser, web));
  auto served = only<slot_granted>(board.give_back(other->slot, start));
  ASSERT_EQ(served.size(), 1u);
  EXPECT_EQ(served[0].ticket, waits.id);
  EXPECT_EQ(served[0].browser, other->browser);
  EXPECT_FALSE(board.is_wanted(other->browser, web));
}

TEST_F(AdmissionBoard, ServesOnlyThereWhoeverNamedABrowser) {
  std::vector<slot_granted> all;
  for (auto name : {"a", "a", "b", "b"})
    all.push_back(only<slot_granted>(ask(web, {}, name)).front());
  ask(web, 1min, "b");
  EXPECT_FALSE(board.is_wanted({"a"}, web));
  EXPECT_TRUE(only<slot_granted>(board.give_back(all[0].slot, start)).empty());
  EXPECT_EQ(granted(board.give_back(all[3].slot, start)), "b");
}

TEST_F(AdmissionBoard, CountsTheSlotsOfABrowserThatIsGoneUntilTheyAreBack) {
  auto slot = only<slot_granted>(ask(web, {}, "b")).front().slot;
  board.remove({"b"}, start);
  EXPECT_FALSE(board.knows({"b"}));
  EXPECT_EQ(board.names().size(), 3u);
  EXPECT_EQ(only<slot_returned>(board.give_back(slot, start)).size(), 1u);
  EXPECT_EQ(board.names().size(), 2u);
}

TEST_F(AdmissionBoard, EndsTicketsWhereverTheyWait) {
  caps = {.per_key = 1, .of_key = {}, .global = 1, .tabs = 1};
  board = {};
  for (auto name : {"a", "b"})
    board.stand(standing(name), caps, start);
  ask(web), ask(web);
  for (auto name : {"a", "b"})
    ask(web, 1min, name, 5);
  auto third = only<ticket_issued>(ask(web, 2min, "b", 6)).front().ticket;
  EXPECT_EQ(board.next_deadline(), start + 1min);
  EXPECT_EQ(only<ticket_ended>(board.drop({5}, start)).size(), 2u);
  EXPECT_EQ(board.cancel({5}, third.id, start).why.code, errc::ticket_unknown);
  EXPECT_EQ(only<ticket_ended>(board.cancel({6}, third.id, start)).size(), 1u);
  ask(web, 1min, "a", 5);
  auto late = only<ticket_ended>(board.expire(start + 1min));
  ASSERT_EQ(late.size(), 1u);
  EXPECT_EQ(late[0].why, errc::ticket_expired);
}

TEST_F(AdmissionBoard, CountsExtraTabsWhereTheyAre) {
  board.note_extra_tabs({"a"}, 4, start);
  EXPECT_EQ(ask(web, {}, "a").why.code, errc::capacity);
  EXPECT_EQ(granted(ask(web, {}, "b")), "b");
}

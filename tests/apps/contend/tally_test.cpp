#include "apps/contend/event_clock.hpp"
#include "apps/contend/live_view.hpp"
#include "apps/contend/tally.hpp"
#include "protocol/session.hpp"

#include <gtest/gtest.h>

using namespace berth::apps;
using namespace berth::apps::contend;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

using std::chrono::nanoseconds;

constexpr client_id first{101}, second{102};

struct ContendTally : testing::Test {
  tally books;

  void SetUp() override {
    books.join("agent-1", 1, false, 0s);
    books.join("agent-2", 2, true, 0s);
    auto joined = at(1s, event_kind::client_joined);
    joined.client = first;
    joined.detail = "agent-1";
    books.hear(joined);
  }

  static event at(nanoseconds when, event_kind kind) {
    event result;
    result.at = when;
    result.kind = kind;
    return result;
  }

  void slot(nanoseconds when, event_kind kind, uint64_t number) {
    auto x = at(when, kind);
    x.slot = {number};
    books.hear(x);
  }

  void lease(nanoseconds when, event_kind kind, uint64_t number,
             client_id whose, const char* reason = "") {
    auto x = at(when, kind);
    x.lease = {number};
    x.slot = {number};
    x.client = whose;
    x.target = "T" + std::to_string(number);
    x.detail = reason;
    books.hear(x);
  }

  void grant(nanoseconds when, uint64_t number, client_id whose) {
    slot(when, event_kind::slot_granted, number);
    lease(when, event_kind::lease_granted, number, whose);
    lease(when, event_kind::lease_bound, number, whose);
  }

  void
  end(nanoseconds when, uint64_t number, client_id whose, const char* reason) {
    lease(when, event_kind::lease_ended, number, whose, reason);
    slot(when + 20ms, event_kind::slot_returned, number);
  }

  void say(const char* who, saying what, uint64_t number = 0,
           uint64_t commands = 0, errc code = errc::ok) {
    agent_line x;
    x.agent = who;
    x.says = what;
    x.lease.lease = {number};
    x.commands = commands;
    x.why = fail(code, "why");
    books.hear(x);
  }

  const chronicle& all() const {
    return books.so_far();
  }
};

} // namespace

TEST_F(ContendTally, KnowsTheHolderByItsConnectionOrByItsWord) {
  grant(2s, 1, first);
  grant(3s, 2, second); // A command line's connection, gone already.
  EXPECT_EQ(all().holdings[0].agent, 0u);
  EXPECT_EQ(all().holdings[1].agent, std::nullopt);
  say("agent-2", saying::granted, 2);
  EXPECT_EQ(all().holdings[1].agent, 1u);
  // The other way round.
  say("agent-2", saying::granted, 3);
  grant(4s, 3, second);
  EXPECT_EQ(all().holdings[2].agent, 1u);
  EXPECT_EQ(all().agents[1].turns, 2u);
  EXPECT_EQ(books.held_by("agent-1")->lease, lease_id{1});
}

TEST_F(ContendTally, GivesEachSlotALaneOfItsOwn) {
  grant(1s, 1, first);
  grant(2s, 2, first);
  end(3s, 1, first, "released");
  grant(4s, 3, first);
  EXPECT_EQ(all().holdings[0].lane, 0u);
  EXPECT_EQ(all().holdings[1].lane, 1u);
  EXPECT_EQ(all().holdings[2].lane, 0u);
  EXPECT_EQ(all().tabs_most, 2u);
  EXPECT_EQ(books.tabs(), 2u);
  EXPECT_EQ(all().holdings[0].to, 3s + 20ms);
}

TEST_F(ContendTally, MeasuresAReclaimFromTheKillToTheSlotsReturn) {
  grant(2s, 1, first);
  books.strike(fault::kill_agent, "agent-1", {}, 3s);
  books.leave("agent-1", 137, 3s + 1ms);
  end(3s + 5ms, 1, first, "client_gone");
  ASSERT_EQ(all().reclaims.size(), 1u);
  EXPECT_EQ(all().reclaims[0].took, 25ms);
  EXPECT_EQ(all().reclaims[0].what, fault::kill_agent);
  EXPECT_FALSE(all().reclaims[0].by_cli);
  EXPECT_EQ(all().strikes[0].seen, 3s + 1ms);
  EXPECT_TRUE(all().agents[0].killed);
}

TEST_F(ContendTally, ReclaimsNothingThatWasGivenBackInTheLastMoment) {
  grant(2s, 1, first);
  books.strike(fault::kill_agent, "agent-1", {}, 3s);
  end(3s, 1, first, "released");
  EXPECT_TRUE(all().reclaims.empty());
}

TEST_F(ContendTally, ReclaimsNothingOfALaterHolder) {
  books.strike(fault::stop_agent, "agent-1", {}, 1s);
  grant(2s, 1, first);
  end(3s, 1, first, "client_gone");
  EXPECT_TRUE(all().reclaims.empty());
}

TEST_F(ContendTally, SeesAStoppedAgentLeave) {
  books.strike(fault::stop_agent, "agent-1", {}, 2s);
  auto left = at(5s, event_kind::client_left);
  left.detail = "agent-2";
  books.hear(left);
  EXPECT_EQ(all().strikes[0].seen, std::nullopt);
  left.detail = "agent-1";
  books.hear(left);
  EXPECT_EQ(all().strikes[0].seen, 5s);
}

TEST_F(ContendTally, SeesACrashOfThatVeryPageAndItsRecovery) {
  grant(1s, 1, first);
  books.strike(fault::crash_page, "agent-1", {"T1"}, 2s);
  auto lost = at(2s + 30ms, event_kind::tab_lost);
  lost.lease = {1};
  lost.target = "T9";
  lost.cause = loss_cause::crashed;
  books.hear(lost);
  EXPECT_EQ(all().strikes[0].seen, std::nullopt);
  lost.target = "T1";
  books.hear(lost);
  EXPECT_EQ(all().strikes[0].seen, 2s + 30ms);
  auto back = at(3s, event_kind::tab_recovered);
  back.lease = {1};
  back.target = "T10";
  books.hear(back);
  EXPECT_EQ(all().holdings[0].outages.back().to, 3s);
  EXPECT_EQ(all().holdings[0].target.value, "T10");
  EXPECT_EQ(all().tabs_lost, 2u);
  EXPECT_EQ(all().recoveries, 1u);
}

TEST_F(ContendTally, CountsALossOnceThatTwoDaemonsTellOf) {
  grant(1s, 1, first);
  auto lost = at(2s, event_kind::tab_lost);
  lost.lease = {1};
  lost.target = "T1";
  books.hear(lost);
  lost.at = 3s;
  books.hear(lost);
  auto back = at(4s, event_kind::tab_recovered);
  back.lease = {1};
  back.target = "T2";
  books.hear(back);
  ASSERT_EQ(all().holdings[0].outages.size(), 1u);
  EXPECT_EQ(all().holdings[0].outages[0].from, 2s);
  EXPECT_EQ(all().holdings[0].outages[0].to, 4s);
}

TEST_F(ContendTally, KnowsTheTabsOfConversations) {
  grant(1s, 1, first);
  grant(1s, 2, holder_of({3}, 1));
  EXPECT_FALSE(all().holdings[0].talk);
  EXPECT_TRUE(all().holdings[1].talk);
}

TEST_F(ContendTally, ForgivesACrashThatCameTooLate) {
  grant(1s, 1, first);
  books.strike(fault::crash_page, "agent-1", {"T1"}, 2s);
  end(2s, 1, first, "released");
  EXPECT_TRUE(all().strikes[0].moot);
}

TEST_F(ContendTally, ForgivesACrashThatADeathOvertook) {
  grant(1s, 1, first);
  books.strike(fault::crash_page, "agent-1", {"T1"}, 2s);
  auto lost = at(2s, event_kind::tab_lost);
  lost.lease = {1};
  lost.target = "T1";
  lost.cause = loss_cause::browser_gone;
  books.hear(lost);
  EXPECT_TRUE(all().strikes[0].moot);
  books.strike(fault::crash_page, "agent-1", {"T2"}, 3s);
  EXPECT_FALSE(all().strikes[1].moot);
  books.begin_epoch(4s);
  EXPECT_TRUE(all().strikes[1].moot);
  // The next daemon may find it all the same.
  lost.target = "T2";
  lost.cause = loss_cause::crashed;
  books.hear(lost);
  EXPECT_TRUE(all().strikes[1].seen);
}

TEST_F(ContendTally, SeesOneFallOfTheBrowserForEachKill) {
  books.strike(fault::kill_chromium, {}, {}, 1s);
  books.strike(fault::kill_chromium, {}, {}, 5s);
  books.hear(at(2s, event_kind::browser_down));
  EXPECT_EQ(all().strikes[0].seen, 2s);
  EXPECT_EQ(all().strikes[1].seen, std::nullopt);
}

TEST_F(ContendTally, ExplainsAFailureOnlyByAFault) {
  say("agent-1", saying::failed, 0, 0, errc::capacity);
  EXPECT_EQ(all().agents[0].refusals, 1u);
  EXPECT_TRUE(all().unexplained.empty());
  say("agent-1", saying::failed, 0, 0, errc::tab_lost);
  say("agent-1", saying::failed, 0, 0, errc::lease_gone);
  EXPECT_EQ(all().unexplained.size(), 2u);
  books.strike(fault::kill_chromium, {}, {}, 1s);
  books.strike(fault::stop_agent, "agent-1", {}, 1s);
  say("agent-1", saying::failed, 0, 0, errc::tab_lost);
  say("agent-1", saying::failed, 0, 0, errc::lease_gone);
  EXPECT_EQ(all().unexplained.size(), 2u);
  say("agent-2", saying::failed, 0, 0, errc::lease_gone);
  say("agent-1", saying::failed, 0, 0, errc::internal);
  EXPECT_EQ(all().unexplained.size(), 4u);
  EXPECT_EQ(all().failures.at(errc::tab_lost), 2u);
}

TEST_F(ContendTally, CountsCommandsAndMistakes) {
  say("agent-1", saying::did, 1, 10);
  say("agent-1", saying::did, 1, 4);
  say("agent-1", saying::mistaken, 1);
  say("stranger", saying::did, 1, 100);
  EXPECT_EQ(all().agents[0].commands, 14u);
  EXPECT_EQ(all().agents[0].wrong, 1u);
  EXPECT_EQ(all().mistakes.size(), 1u);
}

TEST_F(ContendTally, DrawsTheQueue) {
  auto ticket = [&](nanoseconds when, event_kind kind, uint64_t number) {
    auto x = at(when, kind);
    x.ticket = {number};
    x.client = first;
    x.slot = {number};
    books.hear(x);
  };
  ticket(1s, event_kind::ticket_issued, 1);
  ticket(2s, event_kind::ticket_issued, 2);
  EXPECT_TRUE(books.waits("agent-1"));
  ticket(3s, event_kind::slot_granted, 1);
  ticket(4s, event_kind::ticket_ended, 2);
  EXPECT_FALSE(books.waits("agent-1"));
  std::vector<size_t> lengths;
  for (auto& x : all().queue)
    lengths.push_back(x.waiting);
  EXPECT_EQ(lengths, (std::vector<size_t>{1, 2, 1, 0}));
}

TEST_F(ContendTally, FreesWhatTheNextCrewDoesNotKnow) {
  books.begin_epoch(0s);
  grant(1s, 1, first);
  grant(1s, 2, second);
  auto waits = at(1s, event_kind::ticket_issued);
  waits.ticket = {1};
  books.hear(waits);
  slot(2s, event_kind::slot_granted, 3); // Its lease was not written down.
  books.strike(fault::kill_daemon, {}, {}, 2s);
  lease(3s, event_kind::lease_ended, 2, second, "released");
  books.begin_epoch(4s);
  EXPECT_EQ(books.tabs(), 1u);
  EXPECT_EQ(books.waiting(), 0u);
  EXPECT_TRUE(books.held_by("agent-1"));
  EXPECT_EQ(all().holdings[1].to, 4s);
  EXPECT_EQ(all().strikes[0].seen, 4s);
  EXPECT_EQ(all().crews, 2u);
}

TEST_F(ContendTally, ExplainsALostLeaseByNoDeathOfADaemon) {
  books.strike(fault::kill_daemon, {}, {}, 2s);
  say("agent-1", saying::failed, 0, 0, errc::unreachable);
  EXPECT_TRUE(all().unexplained.empty());
  say("agent-1", saying::failed, 0, 0, errc::lease_gone);
  EXPECT_EQ(all().unexplained.size(), 1u);
}

TEST_F(ContendTally, CountsWhatItMissed) {
  auto gap = at(0s, event_kind::events_missed);
  gap.detail = "17";
  books.hear(gap);
  EXPECT_EQ(all().events_missed, 17u);
}

TEST_F(ContendTally, IsShownWhileItGoesOn) {
  grant(1s, 1, first);
  books.strike(fault::stop_agent, "agent-1", {}, 2s);
  books.join("agent-3", 3, false, 1s);
  books.leave("agent-3", 0, 2s);
  auto text = live_view(books, {}, 2500ms);
  EXPECT_NE(text.find("2s 500ms of 1m: 0 commands"), std::string::npos) << text;
  EXPECT_NE(text.find("1 of 5 tabs"), std::string::npos) << text;
  EXPECT_NE(text.find("stopped, lease 1, tab T1"), std::string::npos) << text;
  EXPECT_NE(text.find("agent-2"), std::string::npos);
  EXPECT_EQ(text.find("agent-3"), std::string::npos);
}

TEST(EventClock, CountsFromTheFirstEvent) {
  event_clock clock;
  timestamp start{1h};
  EXPECT_EQ(clock.at(start), 0s);
  EXPECT_EQ(clock.note(start + 5s), 0s);
  EXPECT_EQ(clock.note(start + 7s), 2s);
  EXPECT_EQ(clock.at(start + 10s), 5s);
}

#include "apps/print.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace berth::apps;
using namespace berth::protocol;
using namespace std::chrono_literals;

TEST(Print, TellsEverythingOfARefusal) {
  auto why = fail(errc::capacity, "full");
  why.active = 5;
  why.cap = 5;
  why.retry_after = 1500ms;
  auto error = to_json(why)["error"];
  EXPECT_EQ(error["code"], "provider.capacity");
  EXPECT_EQ(error["active"], 5);
  EXPECT_EQ(error["cap"], 5);
  EXPECT_EQ(error["retry_after"], 1.5);
  EXPECT_NE(error["not_done"], "");
  EXPECT_NE(error["next"], "");
  EXPECT_NE(to_text(why).find("1s 500ms"), std::string::npos);
}

TEST(Print, TellsHowATabWasLost) {
  auto why = fail(errc::tab_lost, "lost");
  why.cause = loss_cause::crashed;
  why.generation = 2;
  why.restorable = true;
  auto error = to_json(why)["error"];
  EXPECT_EQ(error["cause"], "crashed");
  EXPECT_EQ(error["generation"], 2);
  EXPECT_EQ(error["restorable"], true);
}

TEST(Print, MakesColumnsAsWideAsTheyNeedToBe) {
  EXPECT_EQ(to_table({{"A", "B"}, {"long", "x"}}), "A     B\nlong  x\n");
}

TEST(Print, ShowsNoTokenOfAnothersLease) {
  status now;
  now.leases.push_back({});
  now.leases[0].lease = {7};
  EXPECT_EQ(to_json(now).dump().find("7:"), std::string::npos);
}

TEST(Print, ShowsOfEachBrowserWhatItIsAt) {
  status now;
  now.browsers.resize(2);
  now.browsers[0].name = {"work"};
  now.browsers[0].state = browser_health::quarantined;
  now.browsers[0].again_in = 40s;
  now.browsers[0].trouble = "It crashed.";
  now.browsers[1].name = {"play"};
  now.browsers[1].since = 90s;
  now.browsers[1].draining = true;
  auto text = to_text(now);
  for (auto words : {"without Chrome", "work: quarantined", "again in 40s",
                     "It crashed.", "play: starting for 1m 30s, drained"})
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  now.browsers[1].state = browser_health::ready;
  auto json = to_json(now);
  EXPECT_EQ(json["healthy"], true);
  EXPECT_EQ(json["browsers"][0]["state"], "quarantined");
  EXPECT_EQ(json["browsers"][1]["draining"], true);
}

TEST(Print, TellsWhatIsNotWrittenDown) {
  status now;
  now.browsers.resize(1);
  now.browsers[0].state = browser_health::ready;
  now.log_trouble = "2 lines of the log could not be written.";
  EXPECT_NE(to_text(now).find("log      " + now.log_trouble),
            std::string::npos);
  EXPECT_EQ(to_json(now)["log_trouble"], now.log_trouble);
  EXPECT_EQ(to_json(now)["healthy"], true);
  now.journal_trouble = "The disk is full.";
  for (auto words : {"cannot write its journal", "trouble  The disk is full."})
    EXPECT_NE(to_text(now).find(words), std::string::npos) << words;
  EXPECT_EQ(to_json(now)["journal_trouble"], now.journal_trouble);
  EXPECT_EQ(to_json(now)["healthy"], false);
}

TEST(Print, KeepsHostileTextOnOneLine) {
  event told;
  told.kind = event_kind::dialog_answered;
  told.key = "k\x1b[2J";
  told.detail = "alert: \n[..] [error] forged\x1b[31m";
  auto text = to_text(told);
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  lease_view lease;
  lease.key = {"a\nb"};
  lease.client_name = "\r\x9b";
  auto table = to_text(std::vector{lease});
  EXPECT_EQ(std::ranges::count(table, '\n'), 2);
  EXPECT_EQ(table.find('\r'), std::string::npos);
}

TEST(Print, SetsThePagesWordsOfAFailureApart) {
  auto text
    = to_text(fail(errc::script_threw, "Error\nberth.internal: \x1b[1m"));
  EXPECT_EQ(text.find("\nberth"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Print, ShowsWhoHoldsALeaseAndThatItsTabIsLost) {
  lease_view lease;
  lease.state = lease_state::bound;
  lease.client_name = "agent-1";
  EXPECT_EQ(to_text(std::vector{lease}).find("process"), std::string::npos);
  lease.pid = 4711;
  lease.lost = true;
  auto table = to_text(std::vector{lease});
  EXPECT_NE(table.find("bound, tab lost"), std::string::npos) << table;
  EXPECT_NE(table.find("agent-1, process 4711"), std::string::npos) << table;
  EXPECT_EQ(to_json(lease)["pid"], 4711);
  EXPECT_EQ(to_json(lease)["lost"], true);
}

TEST(Print, ShowsNoTimeBelowZero) {
  lease_view lease;
  lease.expires_in = -5s;
  EXPECT_EQ(to_text(std::vector{lease}).find('-'), std::string::npos);
  EXPECT_EQ(to_json(lease)["expires_in"], 0.0);
}

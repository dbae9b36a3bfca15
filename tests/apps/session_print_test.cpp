#include "apps/session_print.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace berth::apps;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

run_view some_run() {
  run_view x;
  x.session = {2};
  x.run = {3};
  x.state = session_state::polling;
  x.provider = "a";
  x.url = "https://a.example/c/1";
  x.title = "A talk";
  x.elapsed = 12s + 400ms;
  x.left = 588s;
  x.length = 340;
  return x;
}

run_view whole_run() {
  auto x = some_run();
  x.state = session_state::complete;
  x.left = {};
  x.answer = "Hello.";
  return x;
}

} // namespace

TEST(SessionPrint, TellsHowFarARunIs) {
  EXPECT_EQ(to_text(some_run()),
            "run 3 polling, 12s, 9m 48s left, 340 characters");
}

TEST(SessionPrint, TellsWhyARunWaits) {
  run_view x;
  x.run = {4};
  x.state = session_state::queued;
  x.hold = hold_reason::busy;
  x.ahead = 1;
  EXPECT_EQ(to_text(x), "run 4 queued, busy, 1 ahead");
  x.due_in = 90s;
  EXPECT_EQ(to_text(x), "run 4 queued, busy, starts in 1m 30s, 1 ahead");
  EXPECT_EQ(to_json(x)["hold"], "busy");
}

TEST(SessionPrint, TellsWhyThereIsNoAnswer) {
  auto x = some_run();
  x.state = session_state::failed;
  x.why = fail(errc::login_required, "Somebody must log in.");
  auto json = to_json(x);
  EXPECT_EQ(json["error"]["code"], "provider.login_required");
  EXPECT_FALSE(json.contains("answer"));
  EXPECT_NE(to_text(x).find("provider.login_required"), std::string::npos);
}

TEST(SessionPrint, GivesAnAnswerAsItIsWanted) {
  auto x = whole_run();
  EXPECT_EQ(answer_of(x, answer_format::text), "Hello.\n");
  EXPECT_EQ(answer_of(x, answer_format::markdown),
            "# A talk\n\n<https://a.example/c/1>\n\nHello.\n");
  auto json = nlohmann::json::parse(answer_of(x, answer_format::json));
  EXPECT_EQ(json["answer"], "Hello.");
  EXPECT_EQ(json["state"], "complete");
}

TEST(SessionPrint, ShowsASessionWithItsRuns) {
  session_view x;
  x.session = {2};
  x.provider = "a";
  x.runs = {whole_run(), some_run()};
  EXPECT_NE(to_text(x).find("run 3 complete"), std::string::npos);
  EXPECT_EQ(to_json(x)["runs"].size(), 2u);
  EXPECT_EQ(to_text(std::vector<session_view>{}), "no sessions\n");
  EXPECT_NE(to_text(std::vector{x}).find("SESSION"), std::string::npos);
}

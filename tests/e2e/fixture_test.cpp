// The fixture as a provider, by plain commands of a tab: what sessions are
// tested against must itself be what it says.

#include "apps/fixture/service.hpp"

#include "tests/e2e/harness.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>

using namespace berth;
using namespace berth::tests;
using apps::fixture::fate;
using apps::fixture::mark_of;
using nlohmann::json;

namespace {

class Fixture : public testing::Test {
protected:
  live_daemon berth;
  client::connection me = berth.connect();
  apps::fixture::service site = must(apps::fixture::service::start());

  client::tab open(const std::string& path) {
    auto result = must(me.acquire());
    EXPECT_TRUE(result.navigate(site.origin() + path));
    return result;
  }

  /// Types it and clicks, as a person does.
  static void send(client::tab& tab, const std::string& prompt) {
    ASSERT_TRUE(tab.type("#prompt", prompt));
    ASSERT_TRUE(tab.click("#send"));
  }

  static json ask(client::tab& tab, const std::string& expression) {
    auto result = tab.evaluate(expression);
    EXPECT_TRUE(result) << result.error().what;
    return result ? json::parse(result->value) : json{};
  }

  static bool wait(client::tab& tab, wait_kind kind, const std::string& what) {
    return tab.run(wait_for{{}, kind, what}).ok();
  }

  static json answers(client::tab& tab) {
    return ask(tab, "[...document.querySelectorAll('.answer')].map(x => "
                    "x.innerText)");
  }

  /// The conversation of this address.
  static std::string conversation_of(client::tab& tab) {
    auto path = ask(tab, "location.pathname").get<std::string>();
    EXPECT_EQ(path.find("/c/"), 0u);
    return path.substr(3);
  }

  /// `berth provider check fixture` of this page: its exit code and answer.
  std::pair<int, json> check(const std::string& path) {
    child_process program{{built("berth"), "--json", "--port",
                           std::to_string(berth.port()), "provider", "check",
                           "fixture", "--origin", "fixture=" + site.origin(),
                           "--url", site.origin() + path}};
    auto text = program.read_all();
    return {program.wait(), json::parse(text, nullptr, false)};
  }

  static std::string
  marked(const std::string& conversation, const std::string& prompt,
         const std::string& text) {
    auto mark = mark_of(conversation, prompt);
    return "[" + mark + " " + text + " " + mark + "]";
  }
};

} // namespace

TEST_F(Fixture, GivesAnAddressWithTheFirstPromptAndKeepsTheTurns) {
  auto tab = open("/");
  EXPECT_EQ(ask(tab, "location.pathname"), "/");
  EXPECT_EQ(ask(tab, "document.querySelector('#send').disabled"), true);
  send(tab, "say one");
  ASSERT_TRUE(tab.wait_visible(".copy"));
  auto id = conversation_of(tab);
  EXPECT_EQ(answers(tab), json{marked(id, "say one", "one")});
  send(tab, "say two");
  ASSERT_TRUE(tab.wait_visible("#answer-2 .copy"));
  auto other = open("/c/" + id);
  ASSERT_TRUE(other.wait_visible("#answer-2 .copy"));
  EXPECT_EQ(answers(other), answers(tab));
  EXPECT_EQ(answers(other)[1], marked(id, "say two", "two"));
  EXPECT_EQ(site.log().size(), 2u);
}

TEST_F(Fixture, MakesTheAnswerWhileNoTabIsThere) {
  auto tab = open("/");
  send(tab, "think 300; stream 20 every 10; say end");
  ASSERT_TRUE(tab.wait_visible(".thinking"));
  ASSERT_TRUE(wait(tab, wait_kind::expression, "location.pathname != '/'"));
  auto id = conversation_of(tab);
  ASSERT_TRUE(tab.release());
  auto other = open("/c/" + id);
  ASSERT_TRUE(other.wait_visible(".copy"));
  EXPECT_EQ(site.log().size(), 1u);
  EXPECT_EQ(ask(other, "document.querySelectorAll('.turn').length"), 2);
}

TEST_F(Fixture, StreamsAndStops) {
  auto tab = open("/?editor=rich");
  send(tab, "stream 10000 every 10");
  ASSERT_TRUE(
    wait(tab, wait_kind::expression,
         "(window.seen = window.seen || new Set()).add(document.querySelector("
         "'.answer')?.innerText).size > 5"));
  ASSERT_TRUE(tab.click("#stop"));
  ASSERT_TRUE(tab.wait_visible(".copy"));
  auto text = answers(tab)[0].get<std::string>();
  EXPECT_NE(text.back(), ']');
}

TEST_F(Fixture, ComesAliveLateAndLosesWhatWasTypedTooEarly) {
  auto tab = open("/?late=100&hydrate=400");
  ASSERT_TRUE(tab.type("#prompt", "say early"));
  ASSERT_TRUE(
    wait(tab, wait_kind::expression, "document.all.prompt.value == ''"));
  EXPECT_TRUE(site.log().empty());
  send(tab, "say late");
  ASSERT_TRUE(tab.wait_visible(".copy"));
}

TEST_F(Fixture, ShowsWhatStandsInTheWay) {
  auto tab = open("/");
  send(tab, "limit 90s");
  ASSERT_TRUE(tab.wait_visible("#limit"));
  EXPECT_EQ(ask(tab, "document.all.limit.dataset.retryAfter"), "90");
  EXPECT_EQ(ask(tab, "document.all.prompt.value"), "limit 90s");
  auto other = open("/");
  send(other, "say a; login");
  ASSERT_TRUE(other.wait_visible("#login"));
  ASSERT_TRUE(other.click("#login .pass"));
  ASSERT_TRUE(other.wait_visible(".answer"));
  ASSERT_TRUE(open("/?wall=interstitial").wait_visible("#interstitial"));
}

TEST_F(Fixture, LoadsItselfAgainInMidstream) {
  auto tab = open("/");
  send(tab, "say a; reload; pause 500; say b");
  ASSERT_TRUE(wait(tab, wait_kind::expression,
                   "performance.getEntriesByType('navigation')[0].type == "
                   "'reload'"));
  ASSERT_TRUE(tab.wait_visible(".copy"));
  EXPECT_EQ(site.log().size(), 1u);
}

TEST_F(Fixture, RunsAScriptForEverOrCrashesWhenItIsTold) {
  auto hung = open("/"), victim = open("/");
  send(hung, "pause 300; hang; say on");
  send(victim, "pause 300; crash; say on");
  EXPECT_TRUE(berth.log().wait(event_kind::tab_lost, victim.lease().ref.lease));
  EXPECT_FALSE(hung.run(wait_for{{{}, {}, 3s}, wait_kind::visible, ".copy"}));
  EXPECT_FALSE(hung.lost());
}

TEST_F(Fixture, TakesFilesAndAModel) {
  auto tab = open("/?upload=200");
  scratch_dir dir;
  auto note = dir.path() + "/note.txt";
  std::ofstream{note} << "twelve bytes";
  ASSERT_TRUE(tab.run(upload{{}, "#attach", {note}}));
  ASSERT_TRUE(tab.click("#model"));
  ASSERT_TRUE(tab.click("[data-model=steady]"));
  send(tab, "say seen");
  ASSERT_TRUE(tab.wait_visible(".copy"));
  auto got = site.log().at(0);
  EXPECT_EQ(got.result, fate::taken);
  EXPECT_EQ(got.what.model, "steady");
  EXPECT_EQ(got.what.effort, "standard");
  EXPECT_EQ(got.what.files,
            (std::vector<apps::fixture::file>{{"note.txt", 12}}));
}

TEST_F(Fixture, PassesTheCheckOfItsProfile) {
  auto [code, found] = check("/?late=300");
  EXPECT_EQ(code, 0) << found;
  EXPECT_EQ(found["conversation"], false);
  auto tab = open("/");
  send(tab, "say one");
  ASSERT_TRUE(tab.wait_visible(".copy"));
  std::tie(code, found) = check("/c/" + conversation_of(tab));
  EXPECT_EQ(code, 0) << found;
  EXPECT_EQ(found["conversation"], true);
  std::tie(code, found) = check("/?wall=login");
  EXPECT_EQ(code, 1) << found;
  EXPECT_EQ(found["complaints"].size(), 2u) << found; // And no composer.
}

TEST_F(Fixture, IsCheckedInItsFramesAsFarAsThatIsPossible) {
  auto tab = open("/");
  send(tab, "say one");
  ASSERT_TRUE(tab.wait_visible(".copy"));
  auto where = "/c/" + conversation_of(tab);
  auto [code, found] = check(where + "?answers=near");
  EXPECT_EQ(code, 0) << found;
  EXPECT_EQ(found["frames_of_other_sites"], 0);
  std::tie(code, found) = check(where + "?answers=framed");
  EXPECT_EQ(code, 1) << found;
  EXPECT_EQ(found["frames_of_other_sites"], 1);
}

TEST_F(Fixture, IsServedUntilItIsToldToEnd) {
  child_process program{
    {built("berth"), "--json", "fixture", "serve", "--port", "0"}};
  auto ready = json::parse(program.read_line().value_or(""), nullptr, false);
  ASSERT_TRUE(ready.value("ready", false));
  auto tab = open("/");
  EXPECT_TRUE(tab.navigate(ready["url"]));
  EXPECT_TRUE(tab.wait_visible("#prompt"));
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(), 0);
}

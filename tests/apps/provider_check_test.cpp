#include "apps/provider_check.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace berth::apps;
using berth::protocol::provider_profile;
using nlohmann::json;

namespace {

provider_profile toy() {
  provider_profile result;
  result.start_url = "https://toy.example/";
  result.conversation_url = "https://toy.example/c/*";
  result.parts.composer = {"textarea", "#old"};
  result.parts.turns = {"article"};
  result.parts.answer = {".text"};
  result.parts.done = {".copy"};
  result.troubles.login = {"#login"};
  result.models["big"] = {{"#menu"}, {"#big"}};
  return result;
}

/// A conversation in order.
json answer() {
  return json::parse(R"({
    "url": "https://toy.example/c/1",
    "hidden": 0,
    "counts": {
      "parts.composer": [[1, 1], [0, 0]], "parts.send": [],
      "parts.attach": [], "parts.turns": [[2, 2]], "parts.answer": [[1, 1]],
      "parts.stop": [], "parts.done": [[1, 0]], "parts.thinking": [],
      "troubles.login": [[0, 0]], "troubles.interstitial": [],
      "troubles.rate_limit": [], "models.big[0]": [[1, 1]]
    }
  })");
}

std::vector<std::string> complaints(const json& x) {
  auto read = read_check(toy(), x);
  EXPECT_TRUE(read);
  return read ? read->complaints : std::vector<std::string>{};
}

json changed(const char* field, const char* counts) {
  auto result = answer();
  result["counts"][field] = json::parse(counts);
  return result;
}

} // namespace

TEST(ProviderCheck, AsksForEveryListAndTheFirstClickOfEveryChoice) {
  auto script = check_script(toy(), true);
  for (auto part : {"\"parts.composer\":[\"textarea\",\"#old\"]", "#menu",
                    "[\"parts.composer\",\"parts.answer\"]"})
    EXPECT_NE(script.find(part), std::string::npos) << part;
  EXPECT_EQ(script.find("#big"), std::string::npos);
  EXPECT_NE(check_script(toy(), false).find("[\"parts.composer\"]"),
            std::string::npos);
}

TEST(ProviderCheck, CountsEverySelector) {
  auto read = read_check(toy(), answer());
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->conversation);
  EXPECT_EQ(read->complaints, std::vector<std::string>{});
  ASSERT_EQ(read->counts.size(), 7u);
  EXPECT_EQ(read->counts[1],
            (selector_count{"parts.composer", "#old", true, 0, 0}));
  EXPECT_EQ(read->counts[4],
            (selector_count{"parts.done", ".copy", true, 1, 0}));
}

TEST(ProviderCheck, SaysWhatIsMissing) {
  for (auto field : {"parts.turns", "parts.answer", "parts.done"}) {
    auto found = complaints(changed(field, "[[0, 0]]"));
    ASSERT_EQ(found.size(), 1u) << field;
    EXPECT_EQ(found[0].find(field), 0u);
  }
  auto hidden = complaints(changed("parts.composer", "[[1, 0], [1, 0]]"));
  EXPECT_EQ(hidden.size(), 1u);
}

TEST(ProviderCheck, SaysThatItCannotLookIntoFramesOfOtherSites) {
  auto whole = answer();
  whole["hidden"] = 2u;
  EXPECT_TRUE(complaints(whole).empty());
  auto empty = changed("parts.answer", "[[0, 0]]");
  empty["hidden"] = 2u;
  auto found = complaints(empty);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1].find("2 frames are of other sites"), 0u);
}

TEST(ProviderCheck, JudgesTurnsInAConversationOnly) {
  auto start = changed("parts.turns", "[[0, 0]]");
  start["url"] = "https://toy.example/";
  EXPECT_TRUE(complaints(start).empty());
}

TEST(ProviderCheck, SaysWhatStandsInTheWayAndWhatIsNoSelector) {
  EXPECT_EQ(
    complaints(changed("troubles.login", "[[1, 1]]")),
    std::vector<std::string>{"troubles.login: This page wants a login."});
  EXPECT_EQ(
    complaints(changed("models.big[0]", "[null]")),
    std::vector<std::string>{"models.big[0]: '#menu' is no CSS selector."});
}

TEST(ProviderCheck, D4_TakesNothingElseForAnAnswer) {
  EXPECT_FALSE(read_check(toy(), nullptr));
  EXPECT_FALSE(read_check(toy(), json::object()));
  for (auto counts : {"null", "[]", "[1, 2]", "{}", "[[1, 1]]",
                      "[[1, -1], [1, 1]]", "[[1], [1, 1]]"})
    EXPECT_FALSE(read_check(toy(), changed("parts.composer", counts)))
      << counts;
}

#include "protocol/provider.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

using namespace berth::protocol;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

json smallest() {
  return json::parse(R"({
    "name": "toy",
    "start_url": "https://toy.example/",
    "conversation_url": "https://toy.example/c/*",
    "parts": {
      "composer": ["textarea"],
      "turns": ["article"],
      "answer": [".text"],
      "done": [".copy"]
    }
  })");
}

/// What is wrong with the smallest profile when it has this value there.
std::vector<std::string> wrong(const std::string& where, const json& what) {
  auto from = smallest();
  from[json::json_pointer{where}] = what;
  std::vector<std::string> result;
  for (const auto& x : read_provider(from).complaints) {
    EXPECT_FALSE(x.what.empty());
    result.push_back(x.field);
  }
  return result;
}

using fields = std::vector<std::string>;

} // namespace

TEST(Provider, ReadsTheSmallestProfile) {
  auto [profile, complaints] = read_provider(smallest());
  EXPECT_TRUE(complaints.empty());
  provider_profile expected;
  expected.name = "toy";
  expected.key = {"toy"};
  expected.start_url = "https://toy.example/";
  expected.conversation_url = "https://toy.example/c/*";
  expected.parts.composer = {"textarea"};
  expected.parts.turns = {"article"};
  expected.parts.answer = {".text"};
  expected.parts.done = {".copy"};
  EXPECT_EQ(profile, expected);
}

TEST(Provider, ReadsEverythingThatAProfileMayHave) {
  auto from = smallest();
  from.update(json::parse(R"({
    "key": "toys",
    "parts": {"send": ["#send", ".send"], "attach": ["input"],
              "stop": ["#stop"], "thinking": [".thinking"]},
    "troubles": {"login": ["#login"], "interstitial": [".wall"],
                 "rate_limit": [".limit"]},
    "models": {"big": [["#menu"], ["#big", ".big"]]},
    "efforts": {"deep": {"tier": "deep_research", "timeout": "45m",
                         "choose": [["#deep"]]},
                "quick": {"tier": "instant"}},
    "effort_default": "quick",
    "retry_after": "5m"
  })"),
              true);
  auto [profile, complaints] = read_provider(from);
  EXPECT_TRUE(complaints.empty());
  EXPECT_EQ(profile.key.value, "toys");
  EXPECT_EQ(profile.parts.composer, selectors{"textarea"});
  EXPECT_EQ(profile.parts.send, (selectors{"#send", ".send"}));
  EXPECT_EQ(profile.parts.attach, selectors{"input"});
  EXPECT_EQ(profile.parts.stop, selectors{"#stop"});
  EXPECT_EQ(profile.parts.thinking, selectors{".thinking"});
  EXPECT_EQ(profile.troubles,
            (page_troubles{{"#login"}, {".wall"}, {".limit"}}));
  EXPECT_EQ(profile.models.at("big"), (choice{{"#menu"}, {"#big", ".big"}}));
  EXPECT_EQ(profile.efforts.at("deep"), choice{{"#deep"}});
  EXPECT_EQ(profile.efforts.at("quick"), choice{});
  EXPECT_EQ(profile.times,
            (provider_times{{{"deep", {tier::deep_research, 45min}},
                             {"quick", {tier::instant, {}}}},
                            "quick"}));
  EXPECT_EQ(profile.retry_after, duration{5min});
}

TEST(Provider, D3_NamesEveryFieldThatIsMissing) {
  fields found;
  for (const auto& x : read_provider(json::object()).complaints)
    found.push_back(x.field);
  EXPECT_EQ(found, (fields{"name", "key", "start_url", "conversation_url",
                           "parts.composer", "parts.turns", "parts.answer",
                           "parts.done"}));
  EXPECT_EQ(read_provider(json::array()).complaints.size(), 1u);
  EXPECT_EQ(read_provider("text").complaints[0].what, "must be an object.");
}

TEST(Provider, D3_NamesTheFieldThatIsWrongByItsPath) {
  EXPECT_EQ(wrong("/name", "Toy"), fields({"name", "key"}));
  EXPECT_EQ(wrong("/name", std::string(33, 'a')), fields({"name", "key"}));
  EXPECT_EQ(wrong("/key", 3), fields({"key", "key"}));
  EXPECT_EQ(wrong("/parts", json::array()), fields{"parts"});
  EXPECT_EQ(wrong("/parts/send", "button"), fields{"parts.send"});
  EXPECT_EQ(wrong("/parts/send", json::array({"a", ""})),
            fields{"parts.send[1]"});
  EXPECT_EQ(wrong("/parts/send", json::array({1})), fields{"parts.send[0]"});
  EXPECT_EQ(wrong("/parts/turns", json::array()), fields{"parts.turns"});
  EXPECT_EQ(wrong("/parts/done", json::array()), fields{"parts.done"});
  EXPECT_EQ(wrong("/troubles", 1), fields{"troubles"});
  EXPECT_EQ(wrong("/troubles/login", 1), fields{"troubles.login"});
  EXPECT_EQ(wrong("/models", 1), fields{"models"});
  EXPECT_EQ(wrong("/models/big", "x"), fields{"models.big"});
  EXPECT_EQ(wrong("/models/big/0", json::array()), fields{"models.big[0]"});
  EXPECT_EQ(wrong("/efforts", 1), fields{"efforts"});
  EXPECT_EQ(wrong("/efforts/deep", 1), fields{"efforts.deep"});
  EXPECT_EQ(wrong("/efforts/deep", json::object()),
            fields{"efforts.deep.tier"});
  EXPECT_EQ(wrong("/efforts/deep/tier", "Pro"), fields{"efforts.deep.tier"});
  EXPECT_EQ(wrong("/retry_after", "soon"), fields{"retry_after"});
  EXPECT_EQ(wrong("/retry_after", 5), fields{"retry_after"});
  EXPECT_EQ(wrong("/retry_after", "0s"), fields{"retry_after"});
  EXPECT_EQ(wrong("/effort_default", "deep"), fields{"effort_default"});
}

TEST(Provider, D3_NamesWhatNobodyKnows) {
  EXPECT_EQ(wrong("/nam", "x"), fields{"nam"});
  EXPECT_EQ(wrong("/parts/sent", json::array()), fields{"parts.sent"});
  EXPECT_EQ(wrong("/troubles/logout", 1), fields{"troubles.logout"});
  auto effort = json{{"tier", "pro"}, {"time", "1h"}};
  EXPECT_EQ(wrong("/efforts/deep", effort), fields{"efforts.deep.time"});
}

TEST(Provider, NamesTheStepOfAChoiceThatHasNothingToClick) {
  auto steps = json::array({json::array({"#menu"}), json::array()});
  EXPECT_EQ(wrong("/models/big", steps), fields{"models.big[1]"});
}

TEST(Provider, HasLimitsOnEverything) {
  json many = json::array();
  for (int i = 0; i < 16; ++i)
    many.push_back("x");
  EXPECT_EQ(wrong("/parts/send", many), fields{});
  many.push_back("x");
  EXPECT_EQ(wrong("/parts/send", many), fields{"parts.send"});
  auto longest = json::array({std::string(512, 'x')});
  EXPECT_EQ(wrong("/parts/send", longest), fields{});
  auto longer = json::array({std::string(513, 'x')});
  EXPECT_EQ(wrong("/parts/send", longer), fields{"parts.send[0]"});
  json crowd = json::object();
  for (int i = 0; i < 65; ++i)
    crowd["m" + std::to_string(i)] = json::array();
  EXPECT_EQ(wrong("/models", crowd), fields{"models"});
  EXPECT_EQ(wrong("/efforts", crowd), fields{"efforts"});
}

TEST(Provider, WantsAWayToTellAWholeAnswer) {
  auto from = smallest();
  from["parts"].erase("done");
  from["parts"]["stop"] = {"#stop"};
  EXPECT_TRUE(read_provider(from).complaints.empty());
}

TEST(Provider, WantsAddressesThatTellConversationsFromTheStart) {
  EXPECT_EQ(wrong("/start_url", "toy.example"), fields{"start_url"});
  EXPECT_EQ(wrong("/start_url", "https://"), fields{"start_url"});
  EXPECT_EQ(wrong("/conversation_url", "https://toy.example/c/"),
            fields{"conversation_url"});
  EXPECT_EQ(wrong("/conversation_url", "/c/*"), fields{"conversation_url"});
  EXPECT_EQ(wrong("/conversation_url", "https://*.example/c/*"),
            fields{"conversation_url"});
  EXPECT_EQ(wrong("/start_url", "https://toy.example/c/new"),
            fields{"conversation_url"});
}

TEST(Provider, KnowsAConversationByItsAddress) {
  provider_profile x;
  x.conversation_url = "https://toy.example/c/*";
  for (auto url : {"https://toy.example/c/1", "https://toy.example/c/a-b?x=1",
                   "https://toy.example/c/1#end"})
    EXPECT_TRUE(is_conversation(x, url)) << url;
  for (auto url : {"https://toy.example/c/", "https://toy.example/c/?x=1",
                   "https://toy.example/", "https://toy.example/c/1/share",
                   "https://toy.example.org/c/1", "http://toy.example/c/1", ""})
    EXPECT_FALSE(is_conversation(x, url)) << url;
  x.conversation_url = "https://toy.example/*/chat?id=*";
  EXPECT_TRUE(is_conversation(x, "https://toy.example/u0/chat?id=7&l=de"));
  EXPECT_FALSE(is_conversation(x, "https://toy.example/u0/chat?id="));
  EXPECT_FALSE(is_conversation(x, "https://toy.example/u0/x/chat?id=7"));
}

TEST(Provider, IsTheSameElsewhere) {
  auto x = read_provider(smallest()).profile;
  for (auto url : {"", "toy.example", "http://", "http://host/", "http://*",
                   "http://host?x"})
    EXPECT_FALSE(move_provider(x, url)) << url;
  EXPECT_EQ(x, read_provider(smallest()).profile);
  EXPECT_TRUE(move_provider(x, "http://127.0.0.1:80"));
  EXPECT_EQ(x.start_url, "http://127.0.0.1:80/");
  EXPECT_EQ(x.conversation_url, "http://127.0.0.1:80/c/*");
}

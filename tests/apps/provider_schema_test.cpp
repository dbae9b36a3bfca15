#include "apps/provider_schema.hpp"
#include "protocol/provider.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace berth;
using nlohmann::json;

namespace {

json smallest() {
  return json::parse(R"({
    "name": "toy",
    "start_url": "https://toy.example/",
    "conversation_url": "https://toy.example/c/*",
    "parts": {"composer": ["textarea"], "turns": ["article"],
              "answer": [".text"], "done": [".copy"]}
  })");
}

std::vector<std::string> fields(const std::vector<protocol::complaint>& all) {
  std::vector<std::string> result;
  for (const auto& x : all)
    result.push_back(x.field);
  return result;
}

} // namespace

TEST(ProviderSchema, TakesWhatIsAProfile) {
  EXPECT_EQ(apps::judge_by_schema(smallest()),
            std::vector<protocol::complaint>{});
  auto x = smallest();
  x["$schema"] = "provider.schema.json";
  x["efforts"]["deep"] = {{"tier", "pro"}, {"timeout", "1h"}};
  x["models"]["big"] = {{"#menu"}, {"#big"}};
  x["parts"].erase("done");
  x["parts"]["stop"] = {"#stop"};
  EXPECT_EQ(apps::judge_by_schema(x), std::vector<protocol::complaint>{});
}

/// An editor that knows the schema must not praise what Berth refuses.
TEST(ProviderSchema, D3_NamesTheFieldsThatTheProgramNames) {
  for (auto [where, what] : std::initializer_list<std::pair<const char*, json>>{
         {"/name", "Toy"},
         {"/name", 7},
         {"/key", ""},
         {"/nam", "x"},
         {"/start_url", "toy.example"},
         {"/conversation_url", "https://toy.example/c/"},
         {"/conversation_url", "https://*.example/c/*"},
         {"/parts", json::array()},
         {"/parts/send", "button"},
         {"/parts/send", {"a", ""}},
         {"/parts/send", {1}},
         {"/parts/send", std::vector<std::string>(17, "x")},
         {"/parts/send", {std::string(513, 'x')}},
         {"/parts/turns", json::array()},
         {"/parts/sent", json::array()},
         {"/troubles/login", 1},
         {"/troubles/logout", json::array()},
         {"/models/big", "x"},
         {"/models/big", json::array({json::array()})},
         {"/efforts/deep", {{"tier", "Pro"}}},
         {"/efforts/deep", {{"tier", "pro"}, {"time", "1h"}}},
         {"/effort_default", 1},
         {"/retry_after", 5}}) {
    auto x = smallest();
    x[json::json_pointer{where}] = what;
    auto by_schema = fields(apps::judge_by_schema(x));
    EXPECT_EQ(by_schema.size(), 1u) << where << " " << what;
    EXPECT_FALSE(protocol::read_provider(x).complaints.empty()) << where;
  }
}

TEST(ProviderSchema, SaysWhereItIsAndNotWhatIsAround) {
  auto x = smallest();
  x["parts"]["send"] = {"a", ""};
  x["efforts"]["deep"] = {{"tier", "Pro"}};
  EXPECT_EQ(fields(apps::judge_by_schema(x)),
            (std::vector<std::string>{"efforts.deep.tier", "parts.send[1]"}));
}

TEST(ProviderSchema, KnowsWhatIsMissing) {
  EXPECT_FALSE(apps::judge_by_schema(json::object()).empty());
  EXPECT_FALSE(apps::judge_by_schema(json::array()).empty());
  for (auto name : {"composer", "turns", "answer", "done"}) {
    auto x = smallest();
    x["parts"].erase(name);
    EXPECT_EQ(fields(apps::judge_by_schema(x)),
              std::vector<std::string>{"parts"})
      << name;
  }
}

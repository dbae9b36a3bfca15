#include "apps/agent/line.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace berth::apps;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

std::optional<agent_line> again(const agent_line& x) {
  return parse_agent_line(to_json(x).dump());
}

agent_line line(saying says) {
  agent_line result;
  result.agent = "agent-7.2";
  result.says = says;
  result.lease = {{7}, {1, 9}};
  return result;
}

} // namespace

TEST(AgentLine, IsReadAsItWasWritten) {
  for (auto says : {saying::granted, saying::released})
    EXPECT_EQ(again(line(says)), line(says));
  auto did = line(saying::did);
  did.commands = 12;
  EXPECT_EQ(again(did), did);
  auto mistaken = line(saying::mistaken);
  mistaken.expected = "\"mine\"";
  mistaken.got = "\"<theirs>\\u0000\"";
  EXPECT_EQ(again(mistaken), mistaken);
  auto failed = line(saying::failed);
  failed.why = fail(errc::browser_unavailable, "It starts.");
  failed.why.retry_after = 1500ms;
  EXPECT_EQ(again(failed), failed);
}

TEST(AgentLine, IsNothingElse) {
  for (auto text : {"", "{", "7", "[]", "{}", R"({"says":7})",
                    R"({"says":"nonsense","agent":"a"})"})
    EXPECT_EQ(parse_agent_line(text), std::nullopt) << text;
}

TEST(AgentLine, HasNoFailureThatHasNoCode) {
  using nlohmann::json;
  EXPECT_EQ(parse_failure(json::parse(R"({"value":1})")), std::nullopt);
  EXPECT_EQ(parse_failure(json::parse(R"({"error":"x"})")), std::nullopt);
  EXPECT_EQ(parse_failure(json::parse(R"({"error":{"code":"no.such"}})")),
            std::nullopt);
  EXPECT_EQ(parse_failure(json::parse("[", nullptr, false)), std::nullopt);
}

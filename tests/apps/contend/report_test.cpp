#include "apps/contend/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

using namespace berth::apps::contend;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

struct ContendReport : testing::Test {
  run_result run;

  void SetUp() override {
    agent_record agent;
    agent.name = "agent-1<script>";
    agent.seat = 1;
    agent.turns = 3;
    agent.commands = 40;
    agent.wrong = 1;
    agent.exit = 0;
    run.asked.agents = 1;
    run.asked.faults = {fault::kill_agent};
    run.what.crews = 1;
    run.what.agents = {agent};
    holding held;
    held.lease = {7};
    held.agent = 0;
    held.from = 1s;
    held.ended = 4s;
    held.to = 4s + 100ms;
    held.reason = "client_gone";
    held.outages = {{2s, 3s}};
    held.strike = 0;
    run.what.holdings = {held};
    run.what.strikes
      = {{fault::kill_agent, 4s, "agent-1<script>", {}, 4s + 1ms, false}};
    run.what.reclaims = {{fault::kill_agent, false, 25ms}};
    run.what.queue = {{1s, 1}, {2s, 0}};
    run.what.mistakes = {{"agent-1", "\"mine\"", "\"<theirs>\""}};
    run.what.failures = {{errc::tab_lost, 2}};
    run.what.last = 6s;
    run.left.daemon_exit = 0;
  }
};

bool has(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

size_t count_of(const std::string& text, const std::string& what) {
  size_t result = 0;
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + 1))
    ++result;
  return result;
}

} // namespace

TEST_F(ContendReport, TellsPeopleWhatWasWrong) {
  auto text = text_report(run);
  EXPECT_TRUE(has(text, "commands       40\n")) << text;
  EXPECT_TRUE(has(text, "agent killed, library  1      25.0 ms")) << text;
  EXPECT_TRUE(has(text, "tab.lost  2")) << text;
  EXPECT_TRUE(has(text, "WRONG  agent-1 got \"<theirs>\"")) << text;
  EXPECT_TRUE(has(text, "BROKEN  own answers")) << text;
  EXPECT_TRUE(has(text, "kept    no orphans")) << text;
}

TEST_F(ContendReport, ShowsEveryFaultInItsColour) {
  auto page = html_report(run);
  for (auto x : all_faults) {
    std::string flag = flag_of(x);
    EXPECT_TRUE(has(page, "<i class=\"" + flag + "\">" + letter_of(x) + "<"));
    EXPECT_TRUE(has(page, "\n." + flag + "{background:var(--" + flag + ")"));
    EXPECT_EQ(count_of(page, "--" + flag + ":"), 2u) << "Light, and dark.";
  }
}

TEST_F(ContendReport, TellsProgramsTheSame) {
  auto x = json_report(run);
  EXPECT_EQ(x["commands"], 40);
  EXPECT_EQ(x["wrong"], 1);
  EXPECT_EQ(x["kept"], false);
  EXPECT_EQ(x["reclaims"][0]["p50_ms"], 25.0);
  EXPECT_EQ(x["faults"]["kill"]["seen"], 1);
  EXPECT_EQ(x["failures"]["tab.lost"], 2);
}

TEST_F(ContendReport, IsATestSuiteToABuildServer) {
  auto xml = junit_report(run);
  EXPECT_TRUE(has(xml, R"(tests="10" failures="1")")) << xml;
  EXPECT_TRUE(has(xml, R"(<failure message="1 wrong answer to 40 commands"/>)"))
    << xml;
  EXPECT_EQ(count_of(xml, "<testcase"), 10u);
  run.what.agents[0].wrong = 0;
  EXPECT_TRUE(has(junit_report(run), "failures=\"0\""));
}

TEST_F(ContendReport, IsAPageThatNeedsNothingElse) {
  auto page = html_report(run);
  for (auto what : {"src=", "href=", "url(http", "@import", "<script"})
    EXPECT_FALSE(has(page, what)) << what;
  EXPECT_TRUE(has(page, "agent-1&lt;script&gt;"));
  EXPECT_TRUE(has(page, "&quot;&lt;theirs&gt;&quot;"));
  EXPECT_TRUE(has(page, "A promise was broken"));
  for (auto tag : {"div", "table", "section", "svg", "g", "tr"}) {
    auto name = std::string{tag};
    EXPECT_EQ(count_of(page, "<" + name + ">")
                + count_of(page, "<" + name + " "),
              count_of(page, "</" + name + ">"))
      << name;
  }
}

TEST_F(ContendReport, DrawsLanesFaultsAndTheQueue) {
  auto svg = svg_timeline(run);
  EXPECT_TRUE(has(svg, "seat seat1"));
  EXPECT_TRUE(has(svg, "lease 7: held 3s, client_gone; tab lost for 1s"));
  EXPECT_TRUE(has(svg, "class=\"outage\""));
  EXPECT_TRUE(has(svg, "class=\"struck\""));
  EXPECT_TRUE(has(svg, "class=\"kill\""));
  EXPECT_TRUE(has(svg, "class=\"queue\""));
  EXPECT_EQ(count_of(svg, ">tab "), 1u);
}

TEST_F(ContendReport, CanBeOfNothing) {
  run = {};
  EXPECT_TRUE(has(html_report(run), "<svg"));
  EXPECT_FALSE(text_report(run).empty());
}

TEST(Escape, LeavesNoMarkup) {
  EXPECT_EQ(escape("<a b=\"c\">&'"), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
  EXPECT_EQ(escape(std::string{"a\x01\tb\n\xc3\xa4"}), "a\tb\n\xc3\xa4");
}

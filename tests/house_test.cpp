// The rules of the house that no compiler knows. Each failure names the file.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

using lines = std::vector<std::string>;

struct source {
  std::string room; ///< The top-level folder.
  fs::path path;
  lines text;

  bool is_source() const {
    return path.extension() == ".cpp";
  }
};

const std::vector<std::string> rooms{"protocol", "journal",   "cdp",
                                     "actors",   "gateway",   "apps",
                                     "tests",    "scenarios", "examples"};

lines read(const fs::path& path) {
  lines result;
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

const std::vector<source>& sources() {
  static const auto all = [] {
    std::vector<source> result;
    for (const auto& room : rooms) {
      auto folder = fs::path{ROOT} / room;
      if (!fs::exists(folder))
        continue;
      for (const auto& entry : fs::recursive_directory_iterator{folder})
        if (auto ext = entry.path().extension(); ext == ".hpp" || ext == ".cpp")
          result.push_back({room, entry.path(), read(entry.path())});
    }
    return result;
  }();
  return all;
}

/// Who may include whom. Top down: a room knows only the rooms below it.
const std::map<std::string, lines> may_include{
  {"protocol", {"protocol/"}},
  {"journal", {"journal/", "protocol/"}},
  {"cdp", {"cdp/", "protocol/"}},
  {"actors", {"actors/", "journal/", "cdp/", "protocol/"}},
  {"gateway", {"gateway/", "actors/", "cdp/", "protocol/"}},
  {"apps", {"apps/", "gateway/", "actors/", "journal/", "cdp/", "protocol/"}},
  {"examples", {"actors/remote/", "actors/runtime.hpp", "protocol/", "berth/"}},
  {"tests",
   {"tests/", "apps/", "gateway/", "actors/", "journal/", "cdp/", "protocol/",
    "scenarios/"}},
  {"scenarios",
   {"scenarios/", "tests/support/", "actors/", "cdp/", "protocol/"}},
};

/// What a room that only decides must not even mention.
const lines acts{"<caf/",     "<thread>", "<mutex>",  "<iostream>",
                 "<fstream>", "::now(",   "<random>", "unordered_"};

bool mentions(const std::string& line, const std::string& what) {
  return line.find(what) != std::string::npos;
}

std::string whole(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

bool decides(const source& file) {
  if (file.room == "protocol")
    return true;
  return file.room == "cdp"
         && file.path.string().find("/transport/") == std::string::npos;
}

} // namespace

TEST(House, ARoomIncludesOnlyWhatIsBelowIt) {
  for (const auto& file : sources())
    for (const auto& line : file.text)
      if (line.rfind("#include \"", 0) == 0) {
        const auto& below = may_include.at(file.room);
        EXPECT_TRUE(std::any_of(below.begin(), below.end(),
                                [&](auto& room) {
                                  return line.rfind("#include \"" + room, 0)
                                         == 0;
                                }))
          << file.path << ": " << line;
      }
}

TEST(House, ProtocolAndCdpDecideAndNeverAct) {
  for (const auto& file : sources()) {
    if (!decides(file))
      continue;
    for (const auto& line : file.text)
      for (const auto& what : acts)
        EXPECT_FALSE(mentions(line, what)) << file.path << ": " << line;
  }
}

TEST(House, TheJournalKnowsNoActors) {
  for (const auto& file : sources()) {
    if (file.room != "journal")
      continue;
    for (const auto& line : file.text)
      EXPECT_FALSE(mentions(line, "<caf/")) << file.path << ": " << line;
  }
}

/// One program must not have two definitions of websocketpp's UTF-8 validator.
TEST(House, WebsocketppIsIncludedWithOurValidator) {
  const auto ours
    = std::string{"#include \"cdp/transport/websocket_utf8.hpp\""};
  const auto theirs = std::string{"#include <websocketpp"} + "/";
  size_t count = 0;
  for (const auto& file : sources()) {
    auto first = [&](const std::string& what) {
      return std::find_if(file.text.begin(), file.text.end(), [&](auto& line) {
        return line.rfind(what, 0) == 0;
      });
    };
    if (first(theirs) == file.text.end())
      continue;
    ++count;
    EXPECT_LT(first(ours), first(theirs)) << file.path;
  }
  EXPECT_GT(count, 1u);
}

TEST(House, NoFileIsLongerThan400Lines) {
  for (const auto& file : sources())
    EXPECT_LE(file.text.size(), 400u) << file.path;
}

TEST(House, NoLineIsLongerThan80Columns) {
  for (const auto& file : sources())
    for (const auto& line : file.text)
      // A character of UTF-8 may have several bytes.
      EXPECT_LE(std::count_if(line.begin(), line.end(),
                              [](char c) {
                                return (c & 0xc0) != 0x80;
                              }),
                80)
        << file.path << ": " << line;
}

TEST(House, WhatDecidesIsTestedUnderItsOwnName) {
  for (const auto& file : sources()) {
    if (!decides(file) || !file.is_source())
      continue;
    auto name = file.path.stem().string();
    auto test = fs::path{ROOT} / "tests" / file.room / (name + "_test.cpp");
    EXPECT_TRUE(fs::exists(test)) << test;
  }
}

TEST(House, NoTestSleepsOrIsSwitchedOff) {
  // Put together here, so that this file does not mention them.
  const lines forbidden{
    std::string{"sleep_"} + "for", std::string{"sleep_"} + "until",
    std::string{"GTEST_"} + "SKIP", std::string{"DIS"} + "ABLED_"};
  for (const auto& file : sources()) {
    if (file.room != "tests" && file.room != "scenarios")
      continue;
    for (const auto& line : file.text)
      for (const auto& what : forbidden)
        EXPECT_FALSE(mentions(line, what)) << file.path << ": " << line;
  }
}

TEST(House, NobodyWaitsForEver) {
  const auto for_ever = std::string{"caf::inf"} + "inite";
  for (const auto& file : sources()) {
    if (file.room == "tests")
      continue;
    for (const auto& line : file.text)
      EXPECT_FALSE(mentions(line, for_ever)) << file.path << ": " << line;
  }
}

TEST(House, WhatIsLeftToDoHasAnIssue) {
  const auto left = std::string{"TO"} + "DO";
  for (const auto& file : sources())
    for (const auto& line : file.text)
      EXPECT_TRUE(!mentions(line, left) || mentions(line, "#"))
        << file.path << ": " << line;
}

TEST(House, EveryFileIsBuilt) {
  auto build = whole(fs::path{ROOT} / "CMakeLists.txt");
  for (const auto& file : sources()) {
    auto name = fs::relative(file.path, ROOT).string();
    // The host program has a build of its own.
    if (!file.is_source() || mentions(name, "tests/package/"))
      continue;
    auto stem = file.path.stem().string();
    auto fuzzer = stem.find("_fuzz");
    auto wanted = fuzzer == std::string::npos
                    ? name
                    : "fuzzer(" + stem.substr(0, fuzzer) + " ";
    EXPECT_TRUE(mentions(build, wanted)) << name;
  }
}

TEST(House, EveryStoryIsLinkedWhereItsPromiseIs) {
  for (auto page : {"promises.md", "simulation.md"}) {
    auto text = whole(fs::path{ROOT} / "docs" / page);
    auto folder = fs::path{ROOT} / "scenarios/stories";
    for (const auto& story : fs::directory_iterator{folder}) {
      auto name = story.path().filename().string();
      EXPECT_TRUE(mentions(text, "(../scenarios/stories/" + name + ")"))
        << page << " does not link " << name;
    }
  }
}

/// Such as `Leases.L1_*` or `Program.O3_*`.
TEST(House, EveryTestThatShowsAPromiseExists) {
  std::string tests;
  for (const auto& file : sources())
    if (file.room == "tests")
      tests += whole(file.path);
  auto text = whole(fs::path{ROOT} / "docs/promises.md");
  const std::regex named{"`([A-Z][A-Za-z]+)\\.([A-Za-z0-9_]*)(\\*?)`"};
  size_t count = 0;
  for (std::sregex_iterator i{text.begin(), text.end(), named}, end; i != end;
       ++i, ++count) {
    auto start = (*i)[1].str() + ", " + (*i)[2].str();
    if ((*i)[3].length() == 0)
      start += ')';
    EXPECT_TRUE(mentions(tests, "TEST(" + start)
                || mentions(tests, "TEST_F(" + start))
      << i->str();
  }
  EXPECT_GT(count, 0u);
}

// What the documents and the build say is proved must be there to prove it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string whole(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

std::set<std::string> all_of(const std::string& text, const char* what) {
  std::set<std::string> result;
  std::regex pattern{what};
  for (std::sregex_iterator i{text.begin(), text.end(), pattern}, end; i != end;
       ++i)
    result.insert((*i)[1]);
  return result;
}

/// `Suite.Name` of every test in the tree.
const std::set<std::string>& tests() {
  static const auto all = [] {
    std::set<std::string> result;
    std::regex pattern{R"(\nTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\))"};
    for (const auto& entry :
         fs::recursive_directory_iterator{fs::path{ROOT} / "tests"}) {
      if (entry.path().extension() != ".cpp")
        continue;
      auto text = whole(entry.path());
      for (std::sregex_iterator i{text.begin(), text.end(), pattern}, end;
           i != end; ++i)
        result.insert((*i)[1].str() + "." + (*i)[2].str());
    }
    return result;
  }();
  return all;
}

/// As gtest's filters: `*` is anything.
bool is_test(const std::string& filter) {
  std::string pattern;
  for (char c : filter)
    pattern += c == '*' ? std::string{".*"} : c == '.' ? "\\." : std::string{c};
  std::regex wanted{pattern};
  return std::ranges::any_of(tests(), [&](const std::string& x) {
    return std::regex_match(x, wanted);
  });
}

const std::vector<std::string> promises{
  "T1", "T2", "T3", "T4", "T5", "T6", "L1", "L2", "L3", "L4", "L5",
  "L6", "L7", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "B1", "B2",
  "B3", "B4", "O1", "O2", "O3", "O4", "O5", "O6", "D1", "D2", "D3",
  "D4", "D5", "D6", "S1", "S2", "S3", "S4", "S5"};

const std::set<std::string> fuzzers{"config",  "envelope", "guard",
                                    "journal", "json",     "provider"};

} // namespace

TEST(Proof, NamesEveryPromise) {
  auto text = whole(fs::path{ROOT} / "docs/promises.md");
  for (const auto& x : promises)
    EXPECT_NE(text.find("\n| **" + x + " "), std::string::npos) << x;
}

TEST(Proof, IsThereForEveryPromiseThatIsKept) {
  auto text = whole(fs::path{ROOT} / "docs/promises.md");
  std::istringstream rows{text};
  size_t looked_at = 0;
  for (std::string row; std::getline(rows, row);) {
    if (!row.starts_with("| **"))
      continue;
    auto named = all_of(row, R"(`([A-Z]\w*\*?\.\w*\*?)`)");
    auto stories = all_of(row, R"(\.\./scenarios/stories/(\w+)\.story)");
    for (const auto& x : named)
      EXPECT_TRUE(is_test(x)) << x << " in " << row.substr(0, 40);
    for (const auto& x : stories)
      EXPECT_TRUE(
        fs::exists(fs::path{ROOT} / "scenarios/stories" / (x + ".story")))
        << x;
    looked_at += named.size();
    bool shown = !named.empty() || !stories.empty();
    EXPECT_TRUE(shown || row.find("Not yet") != std::string::npos) << row;
  }
  EXPECT_GT(looked_at, 50u);
}

/// A suite that is in no list of CMakeLists.txt would never be run.
TEST(Proof, RunsEverySuiteOnARealChromium) {
  auto build = whole(fs::path{ROOT} / "CMakeLists.txt");
  auto begin = build.find("set(e2e_suites");
  ASSERT_NE(begin, std::string::npos);
  begin += std::string{"set(e2e_suites"}.size();
  std::istringstream list{build.substr(begin, build.find(')', begin) - begin)};
  std::vector<std::string> run{std::istream_iterator<std::string>{list}, {}};
  EXPECT_GT(run.size(), 10u);
  size_t suites = 0;
  for (const auto& entry :
       fs::directory_iterator{fs::path{ROOT} / "tests/e2e"}) {
    if (entry.path().extension() != ".cpp")
      continue;
    for (const auto& x :
         all_of(whole(entry.path()), R"(\nTEST(?:_F|_P)?\(\s*(\w+),)")) {
      ++suites;
      EXPECT_TRUE(std::ranges::any_of(run,
                                      [&](const std::string& y) {
                                        return x.starts_with(y);
                                      }))
        << x << " in " << entry.path();
    }
  }
  EXPECT_GT(suites, 10u);
}

TEST(Proof, KeepsACorpusForEveryFuzzer) {
  auto folder = fs::path{ROOT} / "tests/fuzz";
  std::set<std::string> sources, corpora;
  for (const auto& entry : fs::directory_iterator{folder})
    if (auto name = entry.path().filename().string();
        name.ends_with("_fuzz.cpp"))
      sources.insert(name.substr(0, name.size() - 9));
  for (const auto& entry : fs::directory_iterator{folder / "corpus"}) {
    corpora.insert(entry.path().filename().string());
    EXPECT_FALSE(fs::is_empty(entry.path())) << entry.path();
  }
  auto build = whole(fs::path{ROOT} / "CMakeLists.txt");
  auto built = all_of(build, R"(\n  fuzzer\((\w+) )");
  EXPECT_EQ(sources, fuzzers);
  EXPECT_EQ(corpora, fuzzers);
  EXPECT_EQ(built, fuzzers);
}

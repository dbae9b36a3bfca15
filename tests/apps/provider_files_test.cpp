#include "apps/provider_files.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

using namespace berth;
using namespace berth::apps;

namespace {

using names = std::vector<std::string>;

constexpr auto toy = R"({
  "$schema": "provider.schema.json",
  "name": "toy",
  "start_url": "https://toy.example/",
  "conversation_url": "https://toy.example/c/*",
  "parts": {
    "composer": ["textarea"],
    "turns": ["article"],
    "answer": [".text"],
    "done": [".copy"]
  }
}
)";

struct ProviderFiles : testing::Test {
  scratch_dir dir = std::move(*scratch_dir::make());
  protocol::provider_settings how{dir.path(), {}};

  void write(const std::string& name, const std::string& text) {
    std::ofstream{dir.path() + "/" + name} << text;
  }

  provider_files load() const {
    return load_providers(how);
  }
};

names known_of(const provider_files& x) {
  names result;
  for (const auto& [name, file] : x.known)
    result.push_back(name);
  return result;
}

std::string with(const std::string& before, const std::string& after) {
  std::string result{toy};
  return result.replace(result.find(before), before.size(), after);
}

std::string shipped(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream{std::string{ROOT} + "/apps/providers/" + name}.rdbuf();
  return text.str();
}

} // namespace

TEST_F(ProviderFiles, KnowOursWithoutAMistake) {
  auto read = load();
  EXPECT_EQ(known_of(read), (names{"chatgpt", "fixture", "gemini", "grok"}));
  EXPECT_TRUE(read.mistakes.empty());
  EXPECT_EQ(read.known["grok"].path, "");
  for (const auto& name : known_of(read)) {
    auto alone = read_provider_file(name + ".json", shipped(name + ".json"));
    EXPECT_EQ(alone.mistakes, std::vector<provider_mistake>{}) << name;
    EXPECT_EQ(alone.known[name].profile, profiles_of(read)[name]);
  }
}

TEST_F(ProviderFiles, AddTheUsersOwnWhichWin) {
  write("toy.json", toy);
  write("grok.json", with("\"toy\"", "\"grok\""));
  write("notes.txt", "no profile");
  auto read = load();
  EXPECT_TRUE(read.mistakes.empty());
  EXPECT_EQ(read.known.size(), 5u);
  EXPECT_EQ(read.known["toy"].path, dir.path() + "/toy.json");
  EXPECT_EQ(read.known["grok"].profile.start_url, "https://toy.example/");
}

TEST_F(ProviderFiles, D3_NameFileLineAndFieldOfAllMistakesAtOnce) {
  auto bad = with("[\"article\"]", "[\"article\",\n    \"\"]");
  bad.replace(bad.find("\".copy\""), 7, "7");
  write("toy.json", bad);
  write("other.json", "{\n  \"name\": \"other\",\n}");
  auto read = load();
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& x : read.mistakes)
    found.emplace_back(place_of(x).substr(dir.path().size() + 1), x.field);
  EXPECT_EQ(found, (std::vector<std::pair<std::string, std::string>>{
                     {"other.json:3", ""},
                     {"toy.json:9", "parts.turns[1]"},
                     {"toy.json:11", "parts.done[0]"}}));
  EXPECT_EQ(what_of(read.mistakes[1]),
            "parts.turns[1] must be a text, and not empty.");
  EXPECT_EQ(read.known.size(), 4u);
}

TEST_F(ProviderFiles, OfTheUsersThatAreBadHideOurs) {
  write("grok.json", "{}");
  auto read = load();
  EXPECT_EQ(known_of(read), (names{"chatgpt", "fixture", "gemini"}));
  EXPECT_FALSE(read.mistakes.empty());
}

TEST_F(ProviderFiles, D3_RefuseWhatIsThereTwiceOrHasAnothersName) {
  auto twice = read_provider_file(
    "toy.json", with("\"answer\"", "\"turns\": [\"x\"],\n    \"answer\""));
  ASSERT_EQ(twice.mistakes.size(), 1u);
  EXPECT_EQ(twice.mistakes[0], (provider_mistake{"toy.json", 8, "parts.turns",
                                                 "is there twice."}));
  auto other = read_provider_file("other.json", toy);
  ASSERT_EQ(other.mistakes.size(), 1u);
  EXPECT_EQ(other.mistakes[0].field, "name");
  EXPECT_EQ(other.mistakes[0].line, 3u);
}

TEST_F(ProviderFiles, D4_RefuseWhatIsNoProfileAtAll) {
  auto deep = std::string(1 << 19, '[') + std::string(1 << 19, ']');
  for (std::string text : {"", "null", "[]", "\"toy\"", "{", "[[[[",
                           "{\"a\": 1e999}", deep.c_str()})
    EXPECT_FALSE(read_provider_file("toy.json", text).mistakes.empty());
  EXPECT_EQ(what_of(read_provider_file("toy.json", "{,").mistakes[0])
              .find("This is no JSON: syntax error"),
            0u);
}

TEST_F(ProviderFiles, D4_RefuseTextsThatNoPatternIsTriedOn) {
  auto address = "https://toy.example/" + std::string(1 << 19, 'a') + "*";
  write("toy.json", with("https://toy.example/c/*", address));
  auto read = load();
  ASSERT_EQ(read.mistakes.size(), 1u);
  EXPECT_EQ(read.mistakes[0].what, "A text in it is longer than 1024 bytes.");
}

TEST_F(ProviderFiles, AreElsewhereIfTheSettingsSaySo) {
  how.origins = {{"fixture", "http://127.0.0.1:4711"}};
  auto x = load().known["fixture"].profile;
  EXPECT_EQ(x.start_url, "http://127.0.0.1:4711/");
  EXPECT_TRUE(is_conversation(x, "http://127.0.0.1:4711/c/1"));
  how.origins = {{"fixtur", "http://127.0.0.1:4711"}, {"grok", "nowhere"}};
  auto read = load();
  ASSERT_EQ(read.mistakes.size(), 2u);
  EXPECT_EQ(read.mistakes[0].field, "fixtur");
  EXPECT_EQ(read.mistakes[1].field, "grok");
  EXPECT_EQ(known_of(read), (names{"chatgpt", "fixture", "gemini"}));
}

TEST_F(ProviderFiles, MustBeWhereTheSettingsSay) {
  how.dir = dir.path() + "/none";
  EXPECT_EQ(load().mistakes.size(), 1u);
}

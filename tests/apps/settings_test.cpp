#include "apps/scratch_dir.hpp"
#include "apps/settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace berth;
using namespace berth::apps;

TEST(Settings, OfTheShippedExampleAreTheDefaults) {
  std::ostringstream shipped;
  shipped << std::ifstream{std::string{ROOT} + "/packaging/berth.toml"}.rdbuf();
  EXPECT_EQ(shipped.str(), example_file());
}

TEST(Settings, AreDocumentedWithTheirDefaults) {
  std::ostringstream text;
  text << std::ifstream{std::string{ROOT} + "/docs/operations.md"}.rdbuf();
  auto page = text.str();
  for (const auto& x : protocol::options()) {
    auto value = protocol::get_option({}, x.name).value_or("");
    auto row = "| `" + std::string{x.name} + "` | "
               + (value.empty() ? "" : "`" + value + "` ") + "| " + x.doc;
    EXPECT_NE(page.find(row), std::string::npos) << row;
  }
}

TEST(Settings, OfTheEnvironmentAreWeakerThanFlags) {
  ::setenv("BERTH_ADMISSION_PER_KEY", "7", 1);
  ::setenv("BERTH_ADMISSION_GLOBAL", "9", 1);
  auto read = load_settings({}, {{"admission.per_key", "3"}});
  ::unsetenv("BERTH_ADMISSION_PER_KEY");
  ::unsetenv("BERTH_ADMISSION_GLOBAL");
  EXPECT_TRUE(read.mistakes.empty());
  EXPECT_EQ(read.how.admission.per_key, 3u);
  EXPECT_EQ(read.how.admission.global, 9u);
}

/// Else the daemon of a script whose variable is not set would be another one.
TEST(Settings, ComplainOfADirectoryWithoutAName) {
  auto read = load_settings({}, {{"state_dir", ""}});
  ASSERT_EQ(read.mistakes.size(), 1u);
  EXPECT_EQ(read.mistakes[0].where, "--state_dir");
  EXPECT_TRUE(load_settings({}, {}).mistakes.empty());
}

TEST(Settings, ComplainOfAVariableThatIsNone) {
  ::setenv("BERTH_NONSENSE", "1", 1);
  auto read = load_settings({}, {});
  ::unsetenv("BERTH_NONSENSE");
  ASSERT_EQ(read.mistakes.size(), 1u);
  EXPECT_EQ(read.mistakes[0].where, "BERTH_NONSENSE");
}

TEST(Settings, AreNamedAlikeInTheEnvironment) {
  EXPECT_EQ(variable_of("admission.per_key"), "BERTH_ADMISSION_PER_KEY");
}

namespace {

settings read_text(const std::string& text) {
  auto path = testing::TempDir() + "berth-settings-test.toml";
  std::ofstream{path} << text;
  return load_settings(path, {{"browser.headless", "false"}});
}

} // namespace

TEST(Settings, ReadSeveralBrowsers) {
  auto read = read_text("[[browser]]\nname = \"a\"\nper_key = 2\n"
                        "[[browser]]\nname = \"b\"\n");
  EXPECT_TRUE(read.mistakes.empty());
  auto all = protocol::browsers_of(read.how);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name.value, "a");
  EXPECT_EQ(all[0].per_key, 2u);
  EXPECT_FALSE(all[0].headless); // Flags are about the first one.
  EXPECT_EQ(all[1].name.value, "b");
  EXPECT_EQ(all[1].per_key, 0u);
  EXPECT_TRUE(all[1].headless);
}

TEST(Settings, ComplainOfAllThatIsWrongWithBrowsers) {
  auto read = read_text("[[browser]]\nname = \"a\"\nnaem = \"c\"\n"
                        "[[browser]]\nname = \"a\"\n");
  ASSERT_EQ(read.mistakes.size(), 3u);
  EXPECT_NE(read.mistakes[0].what.find("'browser.name'"), std::string::npos);
  EXPECT_EQ(read.mistakes[1].where, "browser.name");
  EXPECT_EQ(read.mistakes[2].where, "browser.profile");
}

TEST(Settings, AreNotReadWithoutEnd) {
  auto read = load_settings("/dev/zero", {});
  ASSERT_EQ(read.mistakes.size(), 1u);
  EXPECT_EQ(read.mistakes[0].what, "It is over 1048576 bytes.");
}

TEST(Settings, AreNotWaitedFor) {
  scratch_dir dir = std::move(*scratch_dir::make());
  auto pipe = dir.path() + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  auto read = load_settings(pipe, {});
  ASSERT_EQ(read.mistakes.size(), 1u);
  EXPECT_EQ(read.mistakes[0].what, "It is a pipe, and no file.");
}

TEST(Settings, S5_AreNotThoseOfWhoeverMayWriteHere) {
  scratch_dir dir = std::move(*scratch_dir::make());
  auto before = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  std::ofstream{"berth.toml"} << "[admission]\nper_key = 3\n";
  using std::filesystem::perms;
  std::filesystem::permissions("berth.toml", perms{0644});
  EXPECT_EQ(load_settings({}, {}).how.admission.per_key, 3u);
  std::filesystem::permissions("berth.toml", perms{0646});
  auto read = load_settings({}, {});
  EXPECT_NE(read.how.admission.per_key, 3u);
  ASSERT_EQ(read.mistakes.size(), 1u);
  EXPECT_EQ(read.mistakes[0].where, "berth.toml");
  // Whoever names it means it.
  EXPECT_EQ(load_settings("berth.toml", {}).how.admission.per_key, 3u);
  std::filesystem::permissions("berth.toml", perms{0644});
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown("berth.toml", 65534, 65534), 0);
    EXPECT_EQ(load_settings({}, {}).mistakes.size(), 1u);
  }
  std::filesystem::current_path(before);
}

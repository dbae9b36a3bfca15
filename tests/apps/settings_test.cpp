#include "apps/settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

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

#include "protocol/config.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

using namespace berth::protocol;

TEST(ChangedOptions, AreComparedWithThoseOfADaemon) {
  config theirs;
  set_option(theirs, "admission.per_key", "3");
  set_option(theirs, "state_dir", "/tmp/x");
  auto changed = changed_options(theirs);
  EXPECT_EQ(changed.at("admission.per_key"), "3");
  EXPECT_EQ(changed.size(), 2u);
  config mine; // Who asks for nothing misses nothing.
  EXPECT_TRUE(options_not_in_force(mine, changed).empty());
  set_option(mine, "admission.per_key", "3");
  set_option(mine, "door.port", "0");
  EXPECT_TRUE(options_not_in_force(mine, changed).empty());
  set_option(mine, "admission.per_key", "4");
  set_option(mine, "browser.headless", "false");
  EXPECT_EQ(options_not_in_force(mine, changed),
            (std::map<std::string, std::string>{{"admission.per_key", "3"},
                                                {"browser.headless", "true"}}));
}

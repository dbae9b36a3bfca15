#include "protocol/request.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;

TEST(Request, HasANameForEveryHealthOfABrowser) {
  EXPECT_STREQ(to_string(browser_health::starting), "starting");
  EXPECT_STREQ(to_string(browser_health::ready), "ready");
  EXPECT_STREQ(to_string(browser_health::waiting), "waiting");
  EXPECT_STREQ(to_string(browser_health::stopped), "stopped");
}

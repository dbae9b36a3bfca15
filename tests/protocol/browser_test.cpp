#include "protocol/browser.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

TEST(Browser, HasANameForEveryHealthAndEveryChange) {
  EXPECT_STREQ(to_string(browser_health::starting), "starting");
  EXPECT_STREQ(to_string(browser_health::ready), "ready");
  EXPECT_STREQ(to_string(browser_health::waiting), "waiting");
  EXPECT_STREQ(to_string(browser_health::stopped), "stopped");
  EXPECT_STREQ(to_string(browser_health::quarantined), "quarantined");
  EXPECT_STREQ(to_string(browser_change::drain), "drain");
  EXPECT_STREQ(to_string(browser_change::undrain), "undrain");
  EXPECT_STREQ(to_string(browser_change::restart), "restart");
  EXPECT_STREQ(to_string(browser_change::remove), "remove");
}

TEST(Browser, TakesLeasesUnlessItRestsOrIsDrainedOrStopped) {
  browser_standing x{{"a"}, browser_health::ready, false, "", {}};
  EXPECT_TRUE(takes_leases(x));
  for (auto soon : {browser_health::starting, browser_health::waiting}) {
    x.state = soon;
    EXPECT_TRUE(takes_leases(x));
  }
  for (auto not_soon : {browser_health::quarantined, browser_health::stopped}) {
    x.state = not_soon;
    EXPECT_FALSE(takes_leases(x));
  }
  x.state = browser_health::ready;
  x.draining = true;
  EXPECT_FALSE(takes_leases(x));
}

TEST(Browser, SaysWhyNotInItsOwnWords) {
  auto why = why_not(
    {{"work"}, browser_health::quarantined, false, "It crashed.", 40s});
  EXPECT_EQ(why.code, errc::browser_unavailable);
  EXPECT_EQ(why.retry_after, duration{40s});
  EXPECT_EQ(why.what, "Browser 'work' is in quarantine: it does not stay "
                      "alive. It crashed.");
  why = why_not({{"b"}, browser_health::ready, true, "", {}});
  EXPECT_EQ(why.what, "Browser 'b' is drained: it takes no new leases.");
  EXPECT_EQ(no_such_browser({"c"}).code, errc::browser_unknown);
}

TEST(Browser, KeepsItsProfileToItself) {
  browser_settings x;
  EXPECT_EQ(profile_of(x, "/s"), "/s/profile");
  x.name = {"work"};
  EXPECT_EQ(profile_of(x, "/s"), "/s/browsers/work");
  x.profile = "/p";
  EXPECT_EQ(profile_of(x, "/s"), "/p");
}

TEST(Browser, IsCalledByOnePlainWord) {
  for (auto good : {"main", "work-2", "a_b"})
    EXPECT_TRUE(is_browser_name({good})) << good;
  for (auto bad : {"", "Main", "a b", "../x", "a.b"})
    EXPECT_FALSE(is_browser_name({bad})) << bad;
  EXPECT_FALSE(is_browser_name({std::string(33, 'a')}));
}

TEST(Browser, SpeaksForAllIfItIsTheFirstThatIsReady) {
  std::vector<browser_view> all(3);
  all[1].state = browser_health::ready;
  all[1].name = {"b"};
  EXPECT_EQ(best_of(all).name, browser_name{"b"});
  all[1].state = browser_health::waiting;
  all[0].name = {"a"};
  EXPECT_EQ(best_of(all).name, browser_name{"a"});
  all[0].draining = true;
  all[0].trouble = "no";
  EXPECT_EQ(
    standing_of(all[0]),
    (browser_standing{{"a"}, browser_health::starting, true, "no", {}}));
}

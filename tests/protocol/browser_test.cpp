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
  why = why_not(
    {{"b"}, browser_health::ready, true, "Chrome ended, an hour ago.", {}});
  EXPECT_EQ(why.what,
            "Browser 'b' is drained: it takes no new leases until `berth "
            "browser undrain b`.");
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

// -- one more -----------------------------------------------------------------

namespace {

std::vector<browser_settings> configured() {
  browser_settings first, other;
  first.program = "/usr/bin/chromium";
  first.flags = {"--lang=en"};
  first.profile = "/home/me/profile";
  first.url = "http://127.0.0.1:9222";
  first.per_key = 3;
  other.name = {"other"};
  other.program = "/opt/other";
  other.profile = "/srv/other";
  return {first, other};
}

} // namespace

TEST(AddBrowser, S1_TakesProgramFlagsAndProfileFromTheSettings) {
  add_browser what;
  what.name = {"other"};
  browser_settings got;
  EXPECT_FALSE(settle(what, configured(), got));
  EXPECT_EQ(got, configured()[1]);
}

TEST(AddBrowser, IsLikeTheFirstOneButForWhatOnlyOneCanHave) {
  add_browser what;
  what.name = {"new"};
  what.tabs = 7;
  browser_settings got;
  EXPECT_FALSE(settle(what, configured(), got));
  EXPECT_EQ(got.name, browser_name{"new"});
  EXPECT_EQ(got.program, "/usr/bin/chromium");
  EXPECT_EQ(got.flags, std::vector<std::string>{"--lang=en"});
  EXPECT_EQ(got.profile, "");
  EXPECT_EQ(got.url, "");
  EXPECT_EQ(got.per_key, 3u);
  EXPECT_EQ(got.tabs, 7u);
}

TEST(AddBrowser, S1_AttachesToThisMachineOnly) {
  add_browser what;
  what.name = {"new"};
  browser_settings got;
  what.url = "http://127.0.0.1:9333";
  EXPECT_FALSE(settle(what, configured(), got));
  EXPECT_EQ(got.url, what.url);
  what.url = "http://10.0.0.1:9222";
  EXPECT_EQ(settle(what, configured(), got)->code, errc::invalid_argument);
}

TEST(AddBrowser, S1_KnowsWhatIsLoopback) {
  for (auto url : {"http://127.0.0.1:9222", "http://localhost", "ws://[::1]:9",
                   "wss://127.1.2.3/devtools", "https://localhost:1?x"})
    EXPECT_TRUE(is_on_loopback(url)) << url;
  for (auto url :
       {"", "127.0.0.1:9222", "file:///127.0.0.1", "http://10.0.0.1",
        "http://127.0.0.1.evil.example", "http://localhost.evil.example",
        "http://127.0.0.1:1@evil.example", "http://evil.example/127.0.0.1",
        "http://evil.example#@127.0.0.1", "http://[::1].evil.example",
        "http://[::2]", "http://", "ftp://127.0.0.1"})
    EXPECT_FALSE(is_on_loopback(url)) << url;
}

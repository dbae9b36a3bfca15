// Three browsers in one daemon, each a real Chromium: what happens to one of
// them is nothing to the others.

#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/real_chrome.hpp"

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace berth::tests {

namespace {

browser_settings called(const char* name) {
  browser_settings result;
  result.name = {name};
  return result;
}

/// Each has room for two.
void three(config& how) {
  how.browser.name = {"a"};
  how.more_browsers = {called("b"), called("c")};
  how.admission.per_key = 2;
  how.admission.global = 2;
}

struct Browsers : testing::Test {
  live_daemon berth{three};
  client::connection me = berth.operate();

  client::tab open(const std::string& where) {
    acquire what;
    what.browser = {where};
    auto made = me.acquire(what);
    EXPECT_TRUE(made) << made.error().what;
    return std::move(*made);
  }

  errc refused(const std::string& where) {
    acquire what;
    what.browser = {where};
    auto made = me.acquire(what);
    return made ? errc::ok : made.error().code;
  }

  browser_view look(const std::string& which) {
    for (auto& x : berth.look().browsers)
      if (x.name.value == which)
        return x;
    return {};
  }

  bool becomes_ready(const std::string& which) {
    return look(which).state == browser_health::ready
           || berth.log().wait([&](const event& x) {
                return x.kind == event_kind::browser_up && x.browser == which;
              });
  }
};

} // namespace

TEST_F(Browsers, AreChromesOfTheirOwn) {
  std::set<int64_t> pids;
  for (auto name : {"a", "b", "c"}) {
    ASSERT_TRUE(becomes_ready(name)) << name;
    pids.insert(look(name).pid);
  }
  EXPECT_EQ(pids.size(), 3u);
  EXPECT_EQ(cdp::find_chromes_of(berth.dir()).size(), 3u);
  auto tab = open("b");
  EXPECT_EQ(tab.granted().browser, browser_name{"b"});
  EXPECT_EQ(look("b").tabs, 1u);
  EXPECT_EQ(look("a").tabs + look("c").tabs, 0u);
}

/// SIGKILL of one while all three are at work.
TEST_F(Browsers, B3_OneDiesAndTheOthersFinishTheirTurns) {
  std::vector<client::tab> tabs;
  for (auto name : {"a", "b", "c"})
    tabs.push_back(open(name));
  std::vector<outcome<answer>> got(3, fail(errc::internal, ""));
  std::thread killer{[&] {
    // Every one of them is at it by then.
    for (auto& tab : tabs)
      EXPECT_TRUE(tab.evaluate("window.busy === true || 1"));
    ::kill(static_cast<pid_t>(look("b").pid), SIGKILL);
  }};
  together(3, [&](size_t i) {
    got[i] = tabs[i].evaluate(
      "new Promise(done => setTimeout(() => done('mine'), 3000))");
  });
  killer.join();
  EXPECT_EQ(got[0].value().value, "\"mine\"");
  EXPECT_EQ(got[2].value().value, "\"mine\"");
  ASSERT_FALSE(got[1]);
  EXPECT_EQ(got[1].error().code, errc::tab_lost);
  EXPECT_EQ(got[1].error().cause, loss_cause::browser_gone);
  auto down = berth.log().wait(event_kind::browser_down);
  ASSERT_TRUE(down);
  EXPECT_EQ(down->browser, "b");
  EXPECT_EQ(look("b").deaths, 1u);
  EXPECT_EQ(look("a").deaths + look("c").deaths, 0u);
  EXPECT_EQ(look("a").starts, 1u);
  auto again = tabs[1].recover();
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(look("b").starts, 2u);
  EXPECT_EQ(tabs[1].evaluate("1")->value, "1");
}

TEST_F(Browsers, B2_ALeaseThatEndsFreesItsOwnSlot) {
  auto first = open("b"), second = open("b"), third = open("c");
  EXPECT_EQ(refused("b"), errc::capacity);
  ASSERT_TRUE(first.release());
  EXPECT_EQ(look("b").slots, 1u);
  EXPECT_EQ(look("c").slots, 1u);
  auto next = open("b");
  EXPECT_EQ(refused("b"), errc::capacity);
  EXPECT_EQ(refused("c"), errc::ok);
}

TEST_F(Browsers, B1_SpeakForThemselves) {
  auto why = me.acquire([] {
    acquire what;
    what.browser = {"nobody"};
    return what;
  }());
  ASSERT_FALSE(why);
  EXPECT_EQ(why.error().code, errc::browser_unknown);
  ASSERT_TRUE(me.change({{"a"}, browser_change::drain}));
  acquire what;
  what.browser = {"a"};
  auto drained = me.acquire(what);
  ASSERT_FALSE(drained);
  EXPECT_EQ(drained.error().code, errc::browser_unavailable);
  EXPECT_NE(drained.error().what.find("'a'"), std::string::npos);
  EXPECT_EQ(refused("b"), errc::ok);
}

TEST_F(Browsers, AreDrainedRestartedAndRemoved) {
  auto tab = open("a");
  auto drained = me.change({{"a"}, browser_change::drain});
  ASSERT_TRUE(drained) << drained.error().what;
  EXPECT_TRUE(drained->draining);
  EXPECT_EQ(tab.evaluate("1")->value, "1"); // It goes on.
  auto before = look("a");
  auto restarted = me.change({{"a"}, browser_change::restart});
  ASSERT_TRUE(restarted) << restarted.error().what;
  EXPECT_EQ(restarted->state, browser_health::ready);
  EXPECT_NE(restarted->pid, before.pid);
  EXPECT_EQ(look("a").deaths, 0u);
  EXPECT_TRUE(tab.recover());
  auto busy = me.change({{"b"}, browser_change::remove});
  ASSERT_TRUE(busy) << busy.error().what;
  auto removed = me.change({{"a"}, browser_change::remove});
  ASSERT_TRUE(removed) << removed.error().what;
  EXPECT_EQ(tab.evaluate("1").error().code, errc::lease_gone);
  EXPECT_EQ(berth.look().browsers.size(), 1u);
  EXPECT_EQ(cdp::find_chromes_of(berth.dir()).size(), 1u);
  auto last = me.change({{"c"}, browser_change::remove});
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, errc::invalid_argument);
  add_browser one_more;
  one_more.name = {"d"};
  auto added = me.add(one_more);
  ASSERT_TRUE(added) << added.error().what;
  EXPECT_EQ(added->state, browser_health::ready);
  EXPECT_EQ(open("d").evaluate("1")->value, "1");
}

TEST(BrowsersWhole, O3_GiveUpOnlyWhenNoneOfThemCanBeHad) {
  scratch_dir dir;
  std::ofstream{dir.path() + "/berth.toml"} << R"(
[[browser]]
name = "bad"
program = "/bin/false"
[[browser]]
name = "good"
[[browser]]
name = "worse"
program = "/bin/false"
)";
  ::setenv("BERTH_STATE_DIR", dir.path().c_str(), 1);
  {
    served daemon{
      dir.path(),
      {"--config", dir.path() + "/berth.toml", "--restart.restarts_max", "0"}};
    ASSERT_TRUE(daemon.is_ready()) << daemon.ready().dump();
    auto now = berth_run({"status"}).parsed();
    EXPECT_TRUE(now.value("healthy", false));
    ASSERT_EQ(now["browsers"].size(), 3u);
    EXPECT_EQ(now["browsers"][0].value("state", ""), "quarantined");
    EXPECT_NE(now["browsers"][2].value("trouble", ""), "");
    auto there = berth_run({"lease", "acquire", "--browser", "good"});
    EXPECT_EQ(there.code, 0) << there.text;
    auto refused = berth_run({"lease", "acquire", "--browser", "bad"});
    EXPECT_EQ(refused.error(), "browser.unavailable");
    auto listed = berth_run({"browser", "list"});
    EXPECT_EQ(listed.code, 0) << listed.text;
    ::kill(now["browsers"][1].value("pid", 0), SIGKILL);
    EXPECT_EQ(daemon.process().wait(), 70);
  }
  ::unsetenv("BERTH_STATE_DIR");
}

/// A Chromium that ends as soon as it sees that its profile is broken.
TEST(Profiles, O3_OneThatCannotBeReadIsSetAside) {
  scratch_dir dir;
  auto program = dir.path() + "/chromium";
  auto profile = dir.path() + "/profile";
  std::ofstream{program} << "#!/bin/sh\n[ -e '" + profile
                              + "/broken' ] && exit 21\nexec '"
                              + cdp::find_chrome() + "' \"$@\"\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  std::filesystem::create_directory(profile);
  std::filesystem::permissions(profile, std::filesystem::perms::owner_all);
  std::ofstream{profile + "/broken"} << "Cookies, logins";
  served daemon{dir.path(), {"--browser.program", program}};
  ASSERT_TRUE(daemon.is_ready()) << daemon.ready().dump();
  EXPECT_TRUE(std::filesystem::exists(profile + ".aside-1/broken"));
  EXPECT_TRUE(std::filesystem::exists(profile + ".aside-1.txt"));
  EXPECT_FALSE(std::filesystem::exists(profile + "/broken"));
}

/// Any Chromium uses more than a megabyte.
TEST(Profiles, OneWhoseBrowserUsesMuchIsOpenedAnew) {
  live_daemon berth{[](config& how) {
    how.browser.memory_max = 1 << 20;
  }};
  auto me = berth.connect();
  auto before = berth.look().browsers[0].pid;
  auto tab = must(me.acquire());
  ASSERT_TRUE(tab.navigate("data:text/html,<title>here</title>"));
  ASSERT_TRUE(tab.release());
  ASSERT_TRUE(berth.log().wait([](const event& x) {
    return x.kind == event_kind::browser_changed
           && x.detail.starts_with("recycled: it uses");
  }));
  auto next = must(me.acquire());
  EXPECT_NE(berth.look().browsers[0].pid, before);
  EXPECT_EQ(cdp::identify(static_cast<pid_t>(before)), "");
}

} // namespace berth::tests

#include "protocol/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

browser_settings called(const char* name) {
  browser_settings result;
  result.name = {name};
  return result;
}

bool complains_of(const std::vector<complaint>& all, const char* field) {
  return std::ranges::find(all, field, &complaint::field) != all.end();
}

} // namespace

TEST(Config, IsValidAsItIsByDefault) {
  EXPECT_TRUE(validate({}).empty());
}

TEST(Config, ComplainsOfEverythingAtOnce) {
  config x;
  x.admission.per_key = 0;
  x.lease.ttl_default = 3h;
  x.door.heartbeat = 9s;
  x.log_level = "loud";
  x.session.times.silence = 1s;
  x.browser.url = "ftp://x";
  EXPECT_EQ(validate(x).size(), 6u);
}

/// From a file it is a text; from the library, any number.
TEST(Config, WantsTimesThatAClockCanHold) {
  size_t times = 0;
  for (const auto& x : options()) {
    if (std::string{x.kind} != "time")
      continue;
    ++times;
    config some;
    ASSERT_FALSE(set_option(some, x.name, "876000h"));
    auto found = validate(some);
    EXPECT_TRUE(complains_of(found, x.name)) << x.name;
  }
  EXPECT_GT(times, 30u);
  for (auto wrong : {-1ns, duration::min(), duration::max()}) {
    config some;
    some.browser.stop_within = some.tab.open_within = wrong;
    auto found = validate(some);
    EXPECT_TRUE(complains_of(found, "browser.stop_within"));
    EXPECT_TRUE(complains_of(found, "tab.open_within"));
  }
}

TEST(Config, BoundsTheLog) {
  config x;
  x.log.size_max = log_settings::size_least - 1;
  x.log.kept = log_settings::kept_most + 1;
  auto found = validate(x);
  EXPECT_TRUE(complains_of(found, "log.size_max"));
  EXPECT_TRUE(complains_of(found, "log.kept"));
  x.log = {"", log_settings::size_least, 0};
  EXPECT_TRUE(validate(x).empty());
}

TEST(Config, WantsCapsThatFitIntoEachOther) {
  config x;
  x.admission.per_key = 15;
  ASSERT_EQ(validate(x).size(), 1u);
  EXPECT_EQ(validate(x)[0].field, "admission.per_key");
  x = {};
  x.admission.global = 21;
  EXPECT_EQ(validate(x)[0].field, "admission.global");
  x = {};
  x.admission.of_key[{"big"}] = 15;
  EXPECT_EQ(validate(x)[0].field, "admission.keys");
  x = {};
  x.parked.per_key = 9;
  EXPECT_EQ(validate(x)[0].field, "parked.per_key");
  x.parked.max = 0; // None is parked at all.
  EXPECT_TRUE(validate(x).empty());
}

TEST(Config, B1_WantsBrowsersThatCanBeToldApart) {
  config x;
  x.more_browsers = {called("work"), called("play")};
  EXPECT_TRUE(validate(x).empty());
  x.more_browsers[0].name = {"main"};
  x.more_browsers[1].name = {"Not so"};
  x.more_browsers[1].per_key = 15;
  auto all = validate(x);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].field, "browser.name");
  EXPECT_EQ(all[1].field, "admission.per_key");
  EXPECT_NE(all[1].what.find("'Not so'"), std::string::npos);
  EXPECT_EQ(all[2].what, "'main' is the name of two browsers.");
  EXPECT_EQ(all[3].field, "browser.profile");
}

TEST(Config, GivesEachBrowserItsOwnCaps) {
  config x;
  x.more_browsers = {called("work")};
  x.more_browsers[0].per_key = 2;
  auto all = browsers_of(x);
  ASSERT_EQ(all.size(), 2u);
  auto mine = config_for(x, all[1]);
  EXPECT_EQ(mine.browser.name, browser_name{"work"});
  EXPECT_EQ(mine.admission.per_key, 2u);
  EXPECT_EQ(mine.admission.global, x.admission.global);
  EXPECT_EQ(config_for(x, all[0]).admission.per_key, x.admission.per_key);
}

TEST(Config, WantsADoorOnLoopback) {
  for (const char* host : {"127.0.0.1", "127.8.9.10", "::1", "localhost"}) {
    config x;
    x.door.host = host;
    EXPECT_TRUE(validate(x).empty()) << host;
  }
  for (const char* host : {"", "0.0.0.0", "::", "127.0.0.1.evil.example",
                           "127.1", "127.0.0.256", "127.0..0.1", "10.0.0.1",
                           "localhost.evil.example", "::ffff:10.0.0.1"}) {
    config x;
    x.door.host = host;
    ASSERT_EQ(validate(x).size(), 1u) << host;
    EXPECT_EQ(validate(x)[0].field, "door.host");
  }
}

TEST(Config, ReadsTheUsersOfTheDoor) {
  config x;
  EXPECT_EQ(set_option(x, "door.uids", "1000,1001"), std::nullopt);
  EXPECT_EQ(x.door.uids, (std::vector<uint32_t>{1000, 1001}));
  EXPECT_EQ(get_option(x, "door.uids"), "1000,1001");
  for (const char* wrong : {"nobody", "-1", "4294967295", "1000,x"})
    EXPECT_NE(set_option(x, "door.uids", wrong), std::nullopt) << wrong;
  EXPECT_EQ(x.door.uids, (std::vector<uint32_t>{1000, 1001}));
}

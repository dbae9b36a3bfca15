#include "apps/moment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

using berth::apps::until_moment;
using namespace std::chrono_literals;

namespace {

/// 2026-11-21T10:30 in a zone without summer time.
struct Moment : testing::Test {
  std::time_t now = 0;

  void SetUp() override {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    std::tm then{};
    then.tm_year = 126;
    then.tm_mon = 10;
    then.tm_mday = 21;
    then.tm_hour = 10;
    then.tm_min = 30;
    now = std::mktime(&then);
  }

  void TearDown() override {
    ::unsetenv("TZ");
    ::tzset();
  }
};

} // namespace

TEST_F(Moment, IsATimeFromNow) {
  EXPECT_EQ(until_moment("+2h", now), 2h);
}

TEST_F(Moment, IsATimeOfThisDayOrTheNext) {
  EXPECT_EQ(until_moment("11:00", now), 30min);
  EXPECT_EQ(until_moment("10:30", now), 0s);
  EXPECT_EQ(until_moment("10:00", now), 23h + 30min);
}

TEST_F(Moment, IsATimeOfADay) {
  EXPECT_EQ(until_moment("2026-11-22T10:30", now), 24h);
  EXPECT_FALSE(until_moment("2026-11-20T10:30", now));
}

TEST_F(Moment, IsNothingElse) {
  for (auto text : {"", "noon", "25:00", "10:30:00", "+soon", "2026-11-22"})
    EXPECT_FALSE(until_moment(text, now)) << text;
}

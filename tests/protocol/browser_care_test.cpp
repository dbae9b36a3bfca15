#include "protocol/browser_care.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

using sentence = browser_care::sentence;

struct BrowserCare : testing::Test {
  browser_care care{{.restart = {.restarts_max = 2,
                                 .window = 1min,
                                 .backoff_min = 1s,
                                 .backoff_max = 8s},
                     .quarantine = 5min,
                     .age_max = 2h,
                     .tabs_made_max = 3}};
};

} // namespace

TEST_F(BrowserCare, StartsItAgainAsOftenAsTheBudgetAllows) {
  care.came_up(start);
  EXPECT_EQ(care.died(start + 1s), (sentence{0s, false}));
  care.came_up(start + 2s);
  EXPECT_EQ(care.died(start + 3s), (sentence{1s, false}));
  care.came_up(start + 5s);
  EXPECT_EQ(care.died(start + 6s), (sentence{5min, true}));
  EXPECT_EQ(care.deaths(), 3u);
}

TEST_F(BrowserCare, PutsOneThatNeverCameUpIntoQuarantine) {
  EXPECT_EQ(care.died(start), (sentence{5min, true}));
}

TEST_F(BrowserCare, TriesOneThatComesOutOfQuarantineOnce) {
  care.came_up(start);
  for (int i = 0; i < 3; ++i)
    care.died(start);
  // Its budget would allow more by now.
  EXPECT_EQ(care.died(start + 6min), (sentence{5min, true}));
  care.came_up(start + 12min);
  EXPECT_EQ(care.died(start + 13min), (sentence{0s, false}));
}

TEST_F(BrowserCare, GivesUpOneThatIsOld) {
  EXPECT_EQ(care.too_old_at(), std::nullopt);
  care.came_up(start);
  EXPECT_EQ(care.too_old_at(), start + 2h);
  EXPECT_EQ(care.worn_out(start + 2h - 1ns), "");
  EXPECT_EQ(care.worn_out(start + 2h), "it is 2h old");
  care.renewed();
  EXPECT_EQ(care.worn_out(start + 2h), "");
  EXPECT_EQ(care.too_old_at(), std::nullopt);
}

TEST_F(BrowserCare, GivesUpOneThatHasMadeManyTabs) {
  care.came_up(start);
  for (int i = 0; i < 2; ++i)
    care.made_tab();
  EXPECT_EQ(care.worn_out(start), "");
  care.made_tab();
  EXPECT_EQ(care.worn_out(start), "it has made 3 tabs");
  care.came_up(start + 1s);
  EXPECT_EQ(care.worn_out(start + 1s), "");
}

TEST_F(BrowserCare, GivesUpNoneUnlessItIsAskedTo) {
  browser_care none;
  none.came_up(start);
  for (int i = 0; i < 1000; ++i)
    none.made_tab();
  EXPECT_EQ(none.worn_out(start + 1000h), "");
  EXPECT_EQ(none.too_old_at(), std::nullopt);
}

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
                     .tabs_made_max = 3,
                     .memory_max = 1 << 30,
                     .own_profile = true}};
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
  EXPECT_EQ(care.worn_out(start + 2h - 1ns, 0), "");
  EXPECT_EQ(care.worn_out(start + 2h, 0), "it is 2h old");
  care.renewed();
  EXPECT_EQ(care.worn_out(start + 2h, 0), "");
  EXPECT_EQ(care.too_old_at(), std::nullopt);
}

TEST_F(BrowserCare, GivesUpOneThatHasMadeManyTabs) {
  care.came_up(start);
  for (int i = 0; i < 2; ++i)
    care.made_tab();
  EXPECT_EQ(care.worn_out(start, 0), "");
  care.made_tab();
  EXPECT_EQ(care.worn_out(start, 0), "it has made 3 tabs");
  care.came_up(start + 1s);
  EXPECT_EQ(care.worn_out(start + 1s, 0), "");
}

TEST_F(BrowserCare, GivesUpNoneUnlessItIsAskedTo) {
  browser_care none;
  none.came_up(start);
  for (int i = 0; i < 1000; ++i)
    none.made_tab();
  EXPECT_EQ(none.worn_out(start + 1000h, 0), "");
  EXPECT_EQ(none.too_old_at(), std::nullopt);
}

TEST_F(BrowserCare, GivesUpOneThatUsesMuchAfterItsTabs) {
  constexpr uint64_t most = 1 << 30;
  care.came_up(start);
  EXPECT_EQ(care.worn_out(start, most + 1), "") << "So would the next.";
  care.made_tab();
  EXPECT_EQ(care.worn_out(start, most), "");
  EXPECT_EQ(care.worn_out(start, 2 * most), "it uses 2048 MiB");
}

// -- one that others start ------------

TEST_F(BrowserCare, WaitsWithoutEndForOneThatOthersStart) {
  care.came_up(start);
  care.died(start + 1s); // Its connection broke.
  duration all{};
  for (int i = 0; i < 1000; ++i) {
    auto next = care.not_there(start + 1s + all);
    ASSERT_FALSE(next.quarantined);
    ASSERT_GT(next.wait, 0s);
    ASSERT_LE(next.wait, 5s);
    all += next.wait;
  }
  EXPECT_GT(all, 1h);
  care.came_up(start + all);
  EXPECT_FALSE(care.died(start + all + 1s).quarantined) << "Nothing was spent.";
  EXPECT_LT(care.not_there(start + all + 2s).wait, 1s) << "It is back soon.";
}

TEST_F(BrowserCare, DoesNotWaitForOneThatNeverWasThere) {
  EXPECT_TRUE(care.not_there(start).quarantined);
}

// -- a profile that it cannot read --------------------------------------------

using step = browser_care::profile_step;

TEST_F(BrowserCare, SetsAProfileAsideWithWhichItEndedTwiceAtItsStart) {
  EXPECT_EQ(care.died(start, true), (sentence{0s, false, step::keep}));
  EXPECT_EQ(care.died(start, true), (sentence{0s, false, step::set_aside}));
  care.came_up(start + 1s);
  EXPECT_EQ(care.died(start + 2s), (sentence{0s, false, step::keep}));
}

TEST_F(BrowserCare, PutsItBackIfTheNewOneIsOfNoHelp) {
  care.died(start, true);
  care.died(start, true);
  EXPECT_EQ(care.died(start, true), (sentence{5min, true, step::put_back}));
  EXPECT_EQ(care.died(start + 5min, true), (sentence{5min, true, step::keep}));
}

TEST_F(BrowserCare, BlamesNoProfileForOneFall) {
  care.died(start, true);
  care.came_up(start + 1s);
  care.died(start + 2s);
  EXPECT_EQ(care.died(start + 3s, true), (sentence{0s, false, step::keep}));
}

TEST_F(BrowserCare, TouchesNoProfileThatIsNotItsOwn) {
  browser_care other{{.restart = {}, .quarantine = 5min}};
  EXPECT_EQ(other.died(start, true), (sentence{5min, true, step::keep}));
}

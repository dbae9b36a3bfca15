#include "protocol/closing_tabs.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

using targets = std::vector<target_id>;

class ClosingTabs : public testing::Test {
protected:
  /// Those to ask once more.
  targets asked_at(duration since_start) {
    auto due = tabs.look(start + since_start);
    EXPECT_TRUE(due.orphaned.empty());
    return due.ask;
  }

  const timestamp start{1h};
  const target_id a{"A"}, b{"B"};
  closing_tabs tabs{{5s, 250ms}};
};

} // namespace

TEST_F(ClosingTabs, AreAskedUntilTheyAreGone) {
  tabs.begin(a, start);
  tabs.begin(b, start);
  EXPECT_EQ(tabs.next_deadline(), start + 250ms);
  EXPECT_EQ(asked_at(249ms), targets{});
  EXPECT_EQ(asked_at(300ms), (targets{a, b}));
  EXPECT_EQ(asked_at(300ms), targets{});
  EXPECT_EQ(tabs.next_deadline(), start + 550ms);
  EXPECT_FALSE(tabs.gone(a));
  EXPECT_EQ(asked_at(550ms), targets{b});
  EXPECT_TRUE(tabs.is_closing(b));
  tabs.gone(b);
  EXPECT_TRUE(tabs.is_done());
  EXPECT_EQ(tabs.next_deadline(), std::nullopt);
}

TEST_F(ClosingTabs, AreOrphansWhenTheyDoNotCloseInTime) {
  tabs.begin(a, start);
  EXPECT_EQ(asked_at(4999ms), targets{a});
  EXPECT_EQ(tabs.next_deadline(), start + 5s);
  auto due = tabs.look(start + 5s);
  EXPECT_EQ(due.ask, targets{});
  EXPECT_EQ(due.orphaned, targets{a});
  EXPECT_TRUE(tabs.is_orphan(a));
  EXPECT_TRUE(tabs.is_done());
  EXPECT_EQ(tabs.orphans(), 1u);
  EXPECT_EQ(tabs.idle_orphans(), targets{a});
}

TEST_F(ClosingTabs, StayOrphansWhileTheyAreAskedAnew) {
  tabs.begin(a, start);
  tabs.look(start + 5s);
  tabs.begin(a, start + 6s);
  EXPECT_EQ(tabs.orphans(), 1u);
  EXPECT_EQ(tabs.idle_orphans(), targets{});
  EXPECT_EQ(tabs.look(start + 11s).orphaned, targets{a});
  EXPECT_EQ(tabs.orphans(), 1u);
  EXPECT_TRUE(tabs.gone(a));
  EXPECT_FALSE(tabs.gone(a));
  EXPECT_EQ(tabs.orphans(), 0u);
}

TEST_F(ClosingTabs, HaveAllTheirTimeAgainWhenTheyAreAskedByAnother) {
  tabs.begin(a, start);
  tabs.begin(a, start + 4s);
  EXPECT_EQ(asked_at(8s), targets{a});
  EXPECT_EQ(tabs.look(start + 9s).orphaned, targets{a});
}

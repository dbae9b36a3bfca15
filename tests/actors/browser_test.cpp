// What the browser actor does when something ends while something begins: for
// many seeds, since each of these is a matter of a millisecond.

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

constexpr uint64_t seeds = 300;

/// A new Chrome is there by then; no deadline of a command is over.
constexpr duration soon = 5s;

/// Making a tab, or leaving for a page, takes less.
constexpr duration a_moment = 60ms;

struct scene {
  explicit scene(uint64_t seed) : number{seed}, it{seed}, berth{it, {}} {
    it.advance(1s);
    me.join();
    it.settle();
  }

  void pass_a_moment() {
    it.advance(it.draw(a_moment));
  }

  grant her_tab(duration ttl = {}) {
    acquire what;
    what.ttl = ttl;
    auto result = me.ask<grant>(what);
    it.advance(1s);
    EXPECT_TRUE(result->value) << "seed " << number;
    return result->value.value_or(grant{});
  }

  /// Hers, and its renderer has crashed.
  asked<grant> lost_tab() {
    auto result = me.ask<grant>(acquire{});
    it.advance(1s);
    if (result->value)
      berth.chrome().crash(result->value->target);
    it.settle();
    return result;
  }

  /// Another will drive it.
  void lose_driver() {
    for (const auto& tab : it.find("tab"))
      it.kill(tab);
  }

  bool has_a_tab() {
    return !std::ranges::all_of(berth.chrome().pages(), &page_view::anchor);
  }

  uint64_t number;
  world it;
  daemon berth;
  guest me = berth.make_guest({1}, "alice");
};

} // namespace

TEST(Browser, ThatDiesAnswersWhoeverAcquires) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.me.ask<grant>(acquire{});
    x.pass_a_moment();
    x.berth.chrome().die();
    x.it.advance(soon);
    EXPECT_FALSE(tab->pending()) << "seed " << seed;
    EXPECT_TRUE(!tab->value || tab->value->target) << "seed " << seed;
  }
}

TEST(Browser, ThatDiesAnswersWhoeverRecovers) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.lost_tab();
    ASSERT_TRUE(tab->value) << "seed " << seed;
    recover_tab what{{tab->value->lease, {}, {}}};
    auto back = x.me.ask<answer>(what);
    x.pass_a_moment();
    x.berth.chrome().die();
    x.it.advance(soon);
    EXPECT_FALSE(back->pending()) << "seed " << seed;
    auto again = x.me.ask<answer>(what);
    x.it.advance(soon);
    EXPECT_TRUE(again->value) << "seed " << seed;
  }
}

/// The old one is gone soon; but another was asked for, and Chrome is late.
TEST(Browser, ThatMakesATabKeepsItsSlotUntilThatIsGone) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.lost_tab();
    ASSERT_TRUE(tab->value) << "seed " << seed;
    x.berth.chrome().answer_late("Target.createTarget", 3s);
    auto back = x.me.ask<answer>(recover_tab{{tab->value->lease, {}, {}}});
    x.it.settle();
    auto end = x.me.ask<nothing>(release_lease{tab->value->lease});
    for (auto until = x.it.now() + soon; x.it.now() < until;) {
      x.pass_a_moment();
      EXPECT_TRUE(end->pending() || !x.has_a_tab()) << "seed " << seed;
    }
    EXPECT_FALSE(end->pending()) << "seed " << seed;
    EXPECT_FALSE(back->pending()) << "seed " << seed;
  }
}

TEST(Browser, AnswersWhoeverAcquiresATabThatIsClosedAtOnce) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.me.ask<grant>(acquire{});
    x.pass_a_moment();
    for (auto& page : x.berth.chrome().pages())
      if (!page.anchor)
        x.berth.chrome().destroy(page.id);
    x.it.advance(soon);
    EXPECT_FALSE(tab->pending()) << "seed " << seed;
  }
}

/// That costs the tab, which can be recovered, and not the lease; nor is it a
/// reason to end Chrome, however often it happens.
TEST(Browser, KeepsTheLeaseOfAPageThatCrashesWhileItsDriverIsReplaced) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.her_tab();
    x.lose_driver();
    x.it.advance(x.it.draw(duration{6ms}));
    x.berth.chrome().crash(tab.target);
    x.it.advance(soon);
    auto back = x.me.ask<answer>(recover_tab{{tab.lease, {}, {}}});
    x.it.advance(soon);
    EXPECT_TRUE(back->value)
      << "seed " << seed << ": " << (back->why ? back->why->what : "pending");
    EXPECT_EQ(x.berth.chrome().starts(), 1u) << "seed " << seed;
  }
}

TEST(Browser, KeepsTheLeaseOfAPageThatIsBusyWhileItsDriverIsReplaced) {
  scene x{1};
  auto tab = x.her_tab();
  x.berth.chrome().answer_never("Runtime.runIfWaitingForDebugger");
  x.lose_driver();
  x.it.advance(15s);
  auto lost = x.me.ask<answer>(evaluate{{tab.lease, {}, {}}, "1"});
  x.it.advance(soon);
  ASSERT_TRUE(lost->why);
  EXPECT_EQ(lost->why->code, errc::tab_lost);
  EXPECT_EQ(lost->why->cause, loss_cause::unresponsive);
  auto back = x.me.ask<answer>(recover_tab{{tab.lease, {}, {}}});
  x.it.advance(soon);
  EXPECT_TRUE(back->value) << (back->why ? back->why->what : "pending");
}

/// Chrome has as long for the attachment as for a new tab, however old the
/// lease is.
TEST(Browser, KeepsTheLeaseOfAnOldTabWhileItsDriverIsReplaced) {
  scene x{1};
  auto tab = x.her_tab(10min);
  x.it.advance(1min);
  x.berth.chrome().halt();
  x.lose_driver();
  x.it.advance(3s);
  x.berth.chrome().go_on();
  x.it.advance(soon);
  auto seen = x.me.ask<answer>(evaluate{{tab.lease, {}, {}}, "1"});
  x.it.advance(soon);
  EXPECT_TRUE(seen->value) << (seen->why ? seen->why->what : "pending");
}

/// If it never comes, that costs the tab alone.
TEST(Browser, KeepsTheLeaseOfATabThatNoDriverCanBeAttachedTo) {
  scene x{1};
  auto tab = x.her_tab(10min);
  x.it.advance(1min);
  x.berth.chrome().halt();
  x.lose_driver();
  x.it.advance(20s);
  auto lost = x.me.ask<answer>(evaluate{{tab.lease, {}, {}}, "1"});
  x.it.advance(soon);
  ASSERT_TRUE(lost->why);
  EXPECT_EQ(lost->why->code, errc::tab_lost) << lost->why->what;
  x.berth.chrome().go_on();
  x.it.advance(20s);
  auto back = x.me.ask<answer>(recover_tab{{tab.lease, {}, {}}});
  x.it.advance(20s);
  EXPECT_TRUE(back->value) << (back->why ? back->why->what : "pending");
}

// T4 crash
TEST(Browser, ClosesATabThatIsOnItsWayToAPage) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.her_tab();
    x.me.ask<answer>(navigate{{tab.lease, {}, {}}, "http://a/"});
    x.pass_a_moment();
    x.me.die();
    x.it.advance(1s);
    EXPECT_FALSE(x.has_a_tab()) << "seed " << seed;
  }
}

} // namespace berth::tests

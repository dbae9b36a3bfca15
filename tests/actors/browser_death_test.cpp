// Chrome dies at any moment while a tab is made: whoever asked for it is told
// so, and does not wait for a deadline.

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

constexpr uint64_t seeds = 300;

/// A new Chrome is there by then; no deadline of a command is over.
constexpr duration soon = 5s;

/// Making a tab takes less.
constexpr duration making = 60ms;

struct scene {
  explicit scene(uint64_t seed) : it{seed}, berth{it, {}} {
    it.advance(1s);
    me.join();
    it.settle();
  }

  void let_chrome_die_while_a_tab_is_made() {
    it.advance(it.draw(making));
    berth.chrome().die();
    it.advance(soon);
  }

  world it;
  daemon berth;
  guest me = berth.make_guest({1}, "alice");
};

} // namespace

TEST(BrowserDeath, AnswersWhoeverAcquires) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.me.ask<grant>(acquire{});
    x.let_chrome_die_while_a_tab_is_made();
    EXPECT_FALSE(tab->pending()) << "seed " << seed;
  }
}

TEST(BrowserDeath, AnswersWhoeverRecovers) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    scene x{seed};
    auto tab = x.me.ask<grant>(acquire{});
    x.it.advance(1s);
    ASSERT_TRUE(tab->value) << "seed " << seed;
    x.berth.chrome().crash(tab->value->target);
    x.it.settle();
    recover_tab what{{tab->value->lease, {}, {}}};
    auto back = x.me.ask<answer>(what);
    x.let_chrome_die_while_a_tab_is_made();
    EXPECT_FALSE(back->pending()) << "seed " << seed;
    auto again = x.me.ask<answer>(what);
    x.it.advance(soon);
    EXPECT_TRUE(again->value) << "seed " << seed;
  }
}

} // namespace berth::tests

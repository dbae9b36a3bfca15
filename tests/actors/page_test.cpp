// The page side of a session in the world: a session's rules decide, the page
// side carries out, and a site answers as it likes while tabs die.

#include "actors/page.hpp"
#include "protocol/session_machine.hpp"

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;
using actors::page_actor;
using actors::page_listener_actor;

constexpr client_id holder{77};

session_row fresh_row() {
  session_row result;
  result.id = {1};
  result.provider = "talk";
  return result;
}

/// What a session's actor does, no more: decisions become acts.
struct session_side {
  session_side(world& where, const actors::crew& crew, uint64_t number = 0)
    : it{where} {
    auto known = std::make_shared<actors::provider_profiles>();
    known->emplace("talk", fake_site::profile());
    listener = where.spawn(listen, this);
    page = where.spawn(
      actors::page,
      actors::page_start{
        {1 + number}, {holder.value + number}, listener, known, {}, {}, crew});
  }

  static page_listener_actor::behavior_type
  listen(page_listener_actor::pointer, session_side* whom) {
    return {
      [whom](const page_report& x) {
        whom->carry_out(whom->machine.report(x, whom->it.now()));
      },
      [whom](const actors::line_left& x) {
        whom->carry_out(whom->machine.line_left(x.retry_after, whom->it.now()));
      },
    };
  }

  void carry_out(const session_decision& what) {
    for (const auto& act : what.acts)
      std::visit(
        [&](const auto& x) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(x)>,
                                        answer_waiter>)
            caf::anon_send(page, x);
        },
        act);
  }

  run_id send(const std::string& text, const std::string& model = {},
              duration timeout = {}) {
    send_prompt what;
    what.what.text = text;
    what.what.model = model;
    what.timeout = timeout;
    what.wait = 1h;
    auto decision = machine.send(what, it.now());
    carry_out(decision);
    return decision.run;
  }

  /// Until the run is over, or for so long.
  void wait(run_id which, duration most = 20min) {
    auto end = it.now() + most;
    while (it.now() < end && !is_final(machine.find(which)->state)) {
      it.advance(100ms);
      carry_out(machine.expire(it.now()));
    }
  }

  world& it;
  session_machine machine{fresh_row(), {}, it.now()};
  page_listener_actor listener;
  page_actor page;
};

struct scene {
  explicit scene(uint64_t seed, const config& limits = {})
    : it{seed}, how{limits} {
    // nop
  }

  fake_site& site() {
    return berth.site();
  }

  std::string whole(const std::string& prompt) {
    return fake_site::whole_answer(prompt, site().words_of(prompt));
  }

  /// How often it was told to since the last time.
  size_t navigations() {
    auto all = berth.chrome().take_sent();
    return static_cast<size_t>(std::ranges::count_if(all, [](const auto& y) {
      return y.what.method == "Page.navigate";
    }));
  }

  std::vector<lease_view> leases() {
    auto all
      = it.ask<actors::lease_list>(berth.crew().registry, actors::get_leases{});
    it.settle();
    EXPECT_TRUE(all->value);
    return all->value.value_or(actors::lease_list{}).leases;
  }

  browser_view browser() {
    auto all = it.ask<actors::browser_list>(berth.crew().fleet,
                                            actors::get_browsers{});
    it.settle();
    EXPECT_TRUE(all->value);
    return all->value ? all->value->browsers.front() : browser_view{};
  }

  /// The tab of the session, if it has one.
  std::optional<target_id> tab() {
    for (auto& x : berth.chrome().pages())
      if (!x.anchor)
        return x.id;
    return std::nullopt;
  }

  world it;
  config how;
  daemon berth{it, how};
  session_side me{it, served()};

private:
  actors::crew served() {
    it.advance(1s);
    return berth.crew();
  }
};

size_t times(const std::vector<taken_prompt>& all, const std::string& what) {
  return static_cast<size_t>(
    std::ranges::count(all, what, &taken_prompt::text));
}

} // namespace

TEST(Page, TellsWholeAnswersOnly) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    scene x{seed};
    for (auto text : {"one", "two", "three"}) {
      auto run = x.me.send(text);
      x.me.wait(run);
      auto& row = *x.me.machine.find(run);
      EXPECT_EQ(row.state, session_state::complete)
        << "seed " << seed << ": " << row.why.what;
      EXPECT_EQ(row.answer, x.whole(text)) << "seed " << seed;
      EXPECT_EQ(times(x.site().taken(), text), 1u) << "seed " << seed;
    }
  }
}

// T1 recovery
TEST(Page, T1_NeverSendsAPromptTwiceHoweverItsTabsDie) {
  size_t complete = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    scene x{seed};
    auto first = x.me.send("one");
    x.me.wait(first);
    auto run = x.me.send("two");
    x.it.advance(x.it.draw(duration{3s}));
    if (auto tab = x.tab()) {
      if (x.it.chance(0.3))
        x.berth.chrome().destroy(*tab);
      else if (x.it.chance(0.2))
        x.berth.chrome().die();
      else
        x.berth.chrome().crash(*tab);
    }
    x.me.wait(run);
    auto& row = *x.me.machine.find(run);
    auto taken = times(x.site().taken(), "two");
    EXPECT_LE(taken, 1u) << "seed " << seed;
    EXPECT_TRUE(is_final(row.state)) << "seed " << seed;
    if (row.state == session_state::complete) {
      ++complete;
      EXPECT_EQ(row.answer, x.whole("two")) << "seed " << seed;
    } else
      EXPECT_EQ(row.why.code, errc::send_unconfirmed)
        << "seed " << seed << ": " << row.why.what;
  }
  EXPECT_GT(complete, 200u);
}

TEST(Page, Q3_StopsWhereverTheRunIs) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    scene x{seed};
    auto run = x.me.send("one");
    x.it.advance(x.it.draw(duration{4s}));
    x.me.carry_out(x.me.machine.stop({run}, x.it.now()));
    x.me.wait(run, 1min);
    auto state = x.me.machine.find(run)->state;
    EXPECT_TRUE(is_final(state)) << "seed " << seed;
    // The site is not at work on what nobody waits for.
    auto next = x.me.send("two");
    x.me.wait(next);
    EXPECT_EQ(x.me.machine.find(next)->answer, x.whole("two"))
      << "seed " << seed;
  }
}

// Nobody keeps a tab by asking again and again, and who waits has a turn.
TEST(Page, L6_SharesOneTabAmongConversationsThatNeverRest) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    config tight;
    tight.admission.per_key = 1;
    world it{seed};
    daemon berth{it, tight};
    it.advance(1s);
    std::vector<std::unique_ptr<session_side>> all;
    for (uint64_t i = 0; i < 3; ++i)
      all.push_back(std::make_unique<session_side>(it, berth.crew(), i));
    std::vector<size_t> turns(all.size());
    std::vector<run_id> present(all.size());
    for (auto end = it.now() + 10min; it.now() < end; it.advance(100ms))
      for (size_t i = 0; i < all.size(); ++i) {
        auto& x = *all[i];
        x.carry_out(x.machine.expire(it.now()));
        auto run = x.machine.find(present[i]);
        if (run && !is_final(run->state))
          continue;
        if (run) {
          EXPECT_EQ(run->state, session_state::complete)
            << "seed " << seed << ": " << run->why.what;
        }
        present[i] = x.send(std::to_string(i) + "/" + std::to_string(turns[i]));
        ++turns[i];
      }
    auto [least, most] = std::ranges::minmax(turns);
    EXPECT_GT(2 * least, most) << "seed " << seed;
  }
}

TEST(Page, Q6_LoadsAPageAnewInWhichAPromptWasBegunAndNotSent) {
  scene x{7};
  x.me.wait(x.me.send("one"));
  EXPECT_GT(x.navigations(), 0u);
  x.me.wait(x.me.send("two"));
  EXPECT_EQ(x.navigations(), 0u); // It is where it should be.
  auto failed = x.me.send("three", "none");
  x.me.wait(failed);
  EXPECT_EQ(x.me.machine.find(failed)->why.code, errc::invalid_argument);
  x.navigations();
  auto next = x.me.send("four");
  x.me.wait(next);
  EXPECT_EQ(x.me.machine.find(next)->answer, x.whole("four"));
  EXPECT_EQ(x.navigations(), 1u);
  EXPECT_EQ(times(x.site().taken(), "three"), 0u);
}

// Q2 interrupt, Q3 stop
TEST(Page, Q3_TakesNoPauseForTheEndOfWhatItStops) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    scene x{seed};
    x.site().answer_with(
      {{1, 2s}, {1, 2900ms, false, true}, {1, 20s}, {1, 0s}});
    auto run = x.me.send("one");
    x.it.advance(3s + x.it.draw(duration{2s}));
    x.me.carry_out(x.me.machine.stop({run}, x.it.now()));
    x.me.wait(run, 1min);
    x.me.wait(x.me.send("two"), 20s);
    ASSERT_EQ(x.site().taken().size(), 2u) << "seed " << seed;
    EXPECT_FALSE(x.site().taken().back().interrupts) << "seed " << seed;
  }
}

/// An agent that asks for a tab again as soon as it gave one away.
struct greedy {
  greedy(scene& x, uint64_t number)
    : me{x.berth.make_guest({number}, "greedy")} {
    me.join();
    x.it.settle();
    ask();
  }

  void ask() {
    acquire what;
    what.key = {"talk"};
    what.wait = 20min;
    got = me.ask<grant>(what);
  }

  void turn() {
    if (!got->value)
      return;
    me.ask<nothing>(release_lease{got->value->lease});
    ask();
  }

  guest me;
  asked<grant> got;
};

TEST(Page, L6_HasItsTurnAmongThoseWhoWait) {
  config how;
  how.admission.per_key = 1;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    scene x{seed, how};
    std::vector<greedy> others;
    for (uint64_t i = 1; i <= 3; ++i)
      others.emplace_back(x, i);
    auto run = x.me.send("one");
    for (int i = 0; i < 200; ++i) {
      x.it.advance(500ms);
      x.me.carry_out(x.me.machine.expire(x.it.now()));
      for (auto& y : others)
        y.turn();
    }
    EXPECT_EQ(x.me.machine.find(run)->state, session_state::complete)
      << "seed " << seed;
  }
}

/// Its lease is to last for the next run as well, which must be written down.
TEST(Page, L2_KeepsItsTabWhileItsRenewalWaitsForTheDisk) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    scene x{seed};
    x.me.wait(x.me.send("one"));
    auto tab = x.tab();
    ASSERT_TRUE(tab) << "seed " << seed;
    x.berth.journal().slowness = 40s;
    auto begun = x.it.now();
    auto run = x.me.send("two", {}, 7min);
    x.me.wait(run);
    EXPECT_GE(x.it.now() - begun, duration{40s}) << "seed " << seed;
    EXPECT_EQ(x.me.machine.find(run)->state, session_state::complete)
      << "seed " << seed << ": " << x.me.machine.find(run)->why.what;
    EXPECT_EQ(x.tab(), tab) << "seed " << seed;
    EXPECT_EQ(x.leases().size(), 1u) << "seed " << seed;
    EXPECT_EQ(times(x.site().taken(), "two"), 1u) << "seed " << seed;
  }
}

/// A renewal that nothing is heard of: another lease takes its place.
TEST(Page, LeavesNoLeaseBehindThatADiskTookTooLongFor) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    scene x{seed};
    x.me.wait(x.me.send("one"));
    x.berth.journal().slowness = 50s;
    x.me.send("two", {}, 7min);
    x.it.advance(60s);
    x.berth.journal().slowness = {};
    x.it.advance(3min);
    EXPECT_LE(x.leases().size(), 1u) << "seed " << seed;
    x.me.carry_out(x.me.machine.close({}, x.it.now()));
    x.it.advance(2min);
    EXPECT_TRUE(x.leases().empty()) << "seed " << seed;
    EXPECT_EQ(x.browser().tabs, 0u) << "seed " << seed;
  }
}

TEST(Page, LeavesNoLeaseBehind) {
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    scene x{seed};
    x.me.send("one");
    x.it.advance(x.it.draw(duration{2s}));
    x.me.carry_out(x.me.machine.close({}, x.it.now()));
    x.it.advance(30s);
    EXPECT_TRUE(x.leases().empty()) << "seed " << seed;
    EXPECT_EQ(x.browser().tabs, 0u) << "seed " << seed;
    EXPECT_LE(x.browser().parked, 1u) << "seed " << seed;
  }
}

} // namespace berth::tests

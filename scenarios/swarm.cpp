#include "scenarios/swarm.hpp"

#include "scenarios/agent.hpp"
#include "scenarios/naive_daemon.hpp"
#include "scenarios/story_words.hpp"

#include <algorithm>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration peace_max = 30min;
constexpr duration farewell_max = 5min;
constexpr size_t calm_minutes = 3;
constexpr uint64_t last_guest = 999'999'999;

/// Two that lead to the same site. One has its tabs under the key of agents.
actors::provider_profiles providers() {
  auto talk = tests::fake_site::profile();
  auto chat = talk;
  chat.name = "chat";
  chat.key = {"key0"};
  return {{talk.name, talk}, {chat.name, chat}};
}

config draw_config(tests::world& world, model who) {
  config result;
  auto& caps = result.admission;
  caps.per_key = 1 + world.draw(uint64_t{4});
  caps.global = caps.per_key + world.draw(uint64_t{6});
  caps.tabs = caps.global + world.draw(uint64_t{4});
  caps.waiters_max = 4 + world.draw(uint64_t{60});
  auto& session = result.session;
  session.queue.interactive_max = 1 + world.draw(uint64_t{4});
  session.queue.background_max = 1 + world.draw(uint64_t{3});
  session.waiters_max = 2 + world.draw(uint64_t{8});
  session.runs_kept_max = 1 + world.draw(uint64_t{8});
  session.idle_max = 5min + world.draw(30min);
  for (auto& [name, profile] : providers())
    session.times.of_provider[name] = profile.times;
  result.sessions.sessions_max = 1 + world.draw(uint64_t{10});
  result.target.popups_max = 1 + world.draw(uint64_t{4});
  auto& parked = result.parked;
  parked.per_key = world.draw(uint64_t{4});
  parked.max = parked.per_key + world.draw(uint64_t{4});
  parked.within = 10s + world.draw(10min);
  if (who == model::naive)
    result.browser.name = {}; // Nobody calls it anything.
  else if (world.chance(0.4)) {
    result.more_browsers.resize(2);
    result.more_browsers[0].name = {"second"};
    result.more_browsers[1].name = {"third"};
  }
  // How often Chrome may die is for other tests to judge.
  result.restart.restarts_max = 1'000'000;
  return result;
}

std::unique_ptr<tests::quay>
build(model who, tests::world& where, const config& how) {
  if (who == model::naive)
    return std::make_unique<naive_daemon>(where, how);
  return std::make_unique<tests::daemon>(
    where, how, tests::site_pages(where, providers(), how.session.times));
}

class swarm {
public:
  swarm(const swarm_options& options, uint64_t seed, transcript& tale)
    : options_{options},
      tale_{tale},
      world_{seed},
      how_{draw_config(world_, options.who)},
      daemon_{build(options.who, world_, how_)},
      law_{scene(), how_} {
    world_.advance(1s);
    born_ = world_.now();
    auto keys = 1 + world_.draw(uint64_t{3});
    auto count = 2 + world_.draw(uint64_t{15});
    for (uint64_t i = 1; i <= count; ++i)
      agents_.emplace_back(scene(), law_, i, draw_character(world_, keys));
    draw_faults();
  }

  run_report run() {
    auto drawn = 1min + world_.draw(9min);
    rage(options_.chaos.value_or(drawn));
    world_.drop_plans();
    for (auto& [name, chrome] : daemon_->chromes())
      chrome->heal();
    daemon_->journal().slowness = {};
    daemon_->journal().refusals = 0;
    serve_everybody();
    hold_still();
    part();
    bool shown = options_.journal && !law_.complaint().empty();
    auto count = static_cast<int64_t>(agents_.size());
    auto lived = parted_.value_or(world_.now()) - born_ - world_.slept();
    return {law_.complaint(),
            law_.broken(),
            world_.steps(),
            world_.hash(),
            law_.talks().conversations(),
            law_.talks().turns(),
            count * lived,
            shown ? journal() : ""};
  }

private:
  struct scene scene() {
    return {world_, *daemon_, agents_, tale_};
  }

  /// Whoever keeps its promises is stopped at the first that is broken.
  bool over() const {
    return options_.who == model::berth && !law_.complaint().empty();
  }

  void draw_faults() {
    for (auto& x : all_faults)
      if (world_.chance(0.5))
        faults_.push_back(x);
    if (options_.faults)
      faults_ = *options_.faults;
  }

  void strike() {
    auto& chosen = faults_[world_.draw(uint64_t{faults_.size()})];
    auto strikes = [this, chosen] {
      scene().tell([&] {
        return std::string{"*** "} + chosen.name;
      });
      chosen.strike(scene());
    };
    // Between any two messages, not only when all is done that can be.
    if (world_.chance(0.5))
      strikes();
    else
      world_.after(world_.draw(uint64_t{50}), strikes);
  }

  /// One turn for everybody; false when that was the last one.
  bool round(mood how) {
    for (auto& x : agents_)
      x.turn(how);
    if (how == mood::chaos && !faults_.empty() && world_.chance(0.1))
      strike();
    world_.advance(100ms + world_.draw(2s));
    law_.check();
    return !over();
  }

  void rage(duration how_long) {
    auto awake = [this] {
      return world_.now() - world_.slept();
    };
    for (auto until = awake() + how_long; awake() < until;)
      if (!round(mood::chaos))
        return;
  }

  void serve_everybody() {
    std::vector<size_t> before;
    for (auto& x : agents_)
      before.push_back(x.served());
    auto until = world_.now() + peace_max;
    for (size_t waiting = 1, runs = 0; waiting + runs > 0 && !over();) {
      round(mood::peace);
      waiting = 0;
      for (size_t i = 0; i < agents_.size(); ++i)
        waiting += agents_[i].served() == before[i];
      runs = law_.talks().under_way();
      if (world_.now() <= until)
        continue;
      if (waiting > 0)
        law_.complain(promise::fair,
                      std::to_string(waiting) + " agents wait for ever");
      if (runs > 0)
        law_.complain(promise::queue, std::to_string(runs) + " runs never end");
      return;
    }
  }

  /// Those who have a berth keep it, and nobody does anything else.
  void hold_still() {
    auto last = [this](duration how_long) {
      for (auto until = world_.now() + how_long; world_.now() < until;)
        if (!round(mood::calm))
          return;
    };
    last(1min); // What was under way ends.
    auto before = world_.steps();
    last(calm_minutes * 1min);
    law_.a_calm_is_quiet(static_cast<double>(world_.steps() - before)
                         / static_cast<double>(calm_minutes * agents_.size()));
  }

  void part() {
    auto until = world_.now() + farewell_max;
    while (!over() && !std::ranges::all_of(agents_, &agent::gone)) {
      round(mood::farewell);
      if (world_.now() > until) {
        law_.complain(promise::fair, "not everybody could leave");
        break;
      }
    }
    parted_ = world_.now();
    close_what_is_left();
    // Until what the dead left behind has run out, and the reaper was there.
    world_.advance(2min);
    law_.check();
    law_.nothing_is_left();
    // Wake-ups that nobody needs any more may still ring, once each.
    world_.advance(1h);
    auto before = world_.steps();
    world_.advance(1h);
    law_.an_empty_house_is_silent(world_.steps() - before);
  }

  /// Conversations whose agents died before they knew of them.
  void close_what_is_left() {
    auto last = daemon_->make_guest({last_guest}, "the last one");
    last.join();
    world_.advance(1s);
    if (over() || !last.joined())
      return;
    auto list = last.ask<session_list>(list_sessions{});
    world_.advance(1s);
    if (list->value)
      for (auto& x : list->value->sessions)
        last.ask<session_view>(close_session{x.session});
    world_.advance(1s);
    last.die();
  }

  std::string journal() {
    std::string result;
    for (auto& [at, what, epoch] : daemon_->journal().entries) {
      auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
        at.time_since_epoch());
      result += std::to_string(ms.count()) + "ms " + journal_line(what) + ' '
                + what.key + ' ' + what.target + '\n';
    }
    return result;
  }

  const swarm_options& options_;
  transcript& tale_;
  tests::world world_;
  timestamp born_;
  std::optional<timestamp> parted_; ///< When everybody had left.
  config how_;
  std::unique_ptr<tests::quay> daemon_;
  invariants law_;
  std::deque<agent> agents_;
  std::vector<fault> faults_;
};

} // namespace

run_report play(const swarm_options& how, uint64_t seed, transcript& tale) {
  return swarm{how, seed, tale}.run();
}

} // namespace berth::scenarios

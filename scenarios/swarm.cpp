#include "scenarios/swarm.hpp"

#include "scenarios/agent.hpp"
#include "scenarios/naive_daemon.hpp"
#include "scenarios/story_words.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <deque>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration peace_max = 30min;
constexpr duration farewell_max = 5min;

config draw_config(tests::world& world) {
  config result;
  auto& caps = result.admission;
  caps.per_key = 1 + world.draw(uint64_t{4});
  caps.global = caps.per_key + world.draw(uint64_t{6});
  caps.tabs = caps.global + world.draw(uint64_t{4});
  caps.waiters_max = 4 + world.draw(uint64_t{60});
  result.target.popups_max = 1 + world.draw(uint64_t{4});
  // How often Chrome may die is for other tests to judge.
  result.restart.restarts_max = 1'000'000;
  return result;
}

std::unique_ptr<tests::quay>
build(model who, tests::world& where, const config& how) {
  if (who == model::naive)
    return std::make_unique<naive_daemon>(where, how);
  return std::make_unique<tests::daemon>(where, how);
}

class swarm {
public:
  swarm(model who, uint64_t seed)
    : goes_on_{who == model::naive},
      world_{seed},
      how_{draw_config(world_)},
      daemon_{build(who, world_, how_)},
      law_{scene(), how_} {
    world_.advance(1s);
    auto keys = 1 + world_.draw(uint64_t{3});
    auto count = 2 + world_.draw(uint64_t{15});
    for (uint64_t i = 1; i <= count; ++i)
      agents_.emplace_back(scene(), law_, i, draw_character(world_, keys));
    for (auto& x : all_faults)
      if (world_.chance(0.5))
        faults_.push_back(x);
  }

  run_report run() {
    rage(1min + world_.draw(9min));
    daemon_->chrome().heal();
    daemon_->journal() = {daemon_->journal().entries, {}, 0};
    serve_everybody();
    part();
    return {law_.complaint(), law_.broken(), world_.steps(), world_.hash(),
            journal()};
  }

private:
  struct scene scene() {
    return {world_, *daemon_};
  }

  /// Whoever keeps its promises is stopped at the first that is broken.
  bool over() const {
    return !goes_on_ && !law_.complaint().empty();
  }

  /// One turn for everybody.
  void round(mood how) {
    for (auto& x : agents_)
      x.turn(how);
    if (how == mood::chaos && !faults_.empty() && world_.chance(0.1))
      faults_[world_.draw(uint64_t{faults_.size()})].strike(scene());
    world_.advance(100ms + world_.draw(2s));
    law_.check();
  }

  void rage(duration how_long) {
    for (auto until = world_.now() + how_long; world_.now() < until && !over();)
      round(mood::chaos);
  }

  void serve_everybody() {
    std::vector<size_t> before;
    for (auto& x : agents_)
      before.push_back(x.served());
    auto until = world_.now() + peace_max;
    for (size_t waiting = 1; waiting > 0 && !over();) {
      round(mood::peace);
      waiting = 0;
      for (size_t i = 0; i < agents_.size(); ++i)
        waiting += agents_[i].served() == before[i];
      if (world_.now() > until) {
        law_.complain(promise::fair,
                      std::to_string(waiting) + " agents wait for ever");
        return;
      }
    }
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
    // Until what the dead left behind has run out, and the reaper was there.
    world_.advance(2min);
    law_.check();
    law_.nothing_is_left();
  }

  std::string journal() {
    std::string result;
    for (auto& [at, what] : daemon_->journal().entries) {
      auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
        at.time_since_epoch());
      result += std::to_string(ms.count()) + "ms " + journal_line(what) + ' '
                + what.key + ' ' + what.target + '\n';
    }
    return result;
  }

  bool goes_on_; ///< Whatever there is to complain about.
  tests::world world_;
  config how_;
  std::unique_ptr<tests::quay> daemon_;
  invariants law_;
  std::deque<agent> agents_;
  std::vector<fault> faults_;
};

/// The seed under way, for who dies of an assertion in the midst of it.
volatile uint64_t seed_now = 0;

void die_of_assertion(int) {
  std::printf("seed %llu: an assertion failed\n",
              static_cast<unsigned long long>(seed_now));
  std::fflush(stdout);
}

} // namespace

run_report play(const swarm_options& how, uint64_t seed) {
  seed_now = seed;
  return swarm{how.who, seed}.run();
}

bool run_swarm(const swarm_options& options) {
  std::signal(SIGABRT, die_of_assertion);
  size_t messages = 0;
  size_t failed = 0;
  for (auto seed = options.first; seed < options.first + options.seeds;
       ++seed) {
    auto result = play(options, seed);
    if (result.complaint.empty() && seed % 10 == 0
        && play(options, seed).hash != result.hash)
      result.complaint = "a second run took another path";
    messages += result.messages;
    if (result.complaint.empty())
      continue;
    ++failed;
    std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed),
                result.complaint.c_str());
    if (options.journal)
      std::printf("%s", result.journal.c_str());
  }
  if (failed == 0)
    std::printf("%zu seeds clean, %zu messages\n", options.seeds, messages);
  return failed == 0;
}

} // namespace berth::scenarios

#include "tests/support/world.hpp"

#include <algorithm>
#include <cassert>
#include <set>

namespace berth::tests {

namespace {

/// More messages than that in one instant never end.
constexpr size_t steps_per_instant_max = 1'000'000;

} // namespace

world::world(uint64_t seed)
  : rng_{seed},
    system_{configure(config_)},
    scheduler_{
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())},
    // Where every delivery is shuffled, what a rare one breaks stays hidden.
    unrest_{static_cast<double>(1 + seed % 4) / 4} {
  // nop
}

world::~world() {
  end_everybody();
}

caf::actor_system_config& world::configure(caf::actor_system_config& config) {
  config.set("scheduler.policy", caf::atom("testing"));
  return config;
}

timestamp world::now() const {
  return scheduler_.clock().now();
}

uint64_t world::draw(uint64_t most) {
  return rng_() % most;
}

duration world::draw(duration most) {
  return duration{static_cast<int64_t>(draw(uint64_t(most.count()) + 1))};
}

bool world::chance(double p) {
  return std::bernoulli_distribution{p}(rng_);
}

void world::settle() {
  auto& clock = scheduler_.clock();
  for (size_t n = 0;; ++n) {
    assert(n < steps_per_instant_max);
    if (run_one())
      continue;
    auto& timers = clock.schedule();
    if (timers.empty() || timers.begin()->first > now())
      return;
    clock.advance_time({});
  }
}

void world::advance(duration by) {
  auto& clock = scheduler_.clock();
  auto goal = now() + by;
  for (settle(); now() < goal; settle()) {
    auto& timers = clock.schedule();
    auto next = timers.empty() ? goal : std::min(timers.begin()->first, goal);
    clock.advance_time(next - now());
  }
}

bool world::run_one() {
  auto& jobs = scheduler_.jobs;
  if (jobs.empty())
    return false;
  if (jobs.size() > 1 && chance(unrest_))
    std::swap(jobs.front(), jobs[draw(uint64_t{jobs.size()})]);
  meet(jobs.front());
  scheduler_.run_once();
  ++steps_;
  return true;
}

/// Remembers who runs, to end it some day, and that it ran now.
void world::meet(caf::resumable* job) {
  if (job->subtype() != caf::resumable::scheduled_actor)
    return;
  auto whom = static_cast<caf::scheduled_actor*>(job);
  mix(whom->id());
  mix(static_cast<uint64_t>(now().time_since_epoch().count()));
  if (met_.size() >= met_max_) {
    std::erase_if(met_, [](const auto& x) {
      return !caf::actor_cast<caf::strong_actor_ptr>(x.second);
    });
    met_max_ = 2 * met_.size() + 1024;
  }
  met_.try_emplace(whom->id(), whom->address());
}

/// Ending some may start others: until there is nobody new.
void world::end_everybody() {
  std::set<caf::actor_id> told;
  for (bool news = true; news;) {
    news = false;
    for (auto& [id, whom] : met_)
      if (auto alive = caf::actor_cast<caf::strong_actor_ptr>(whom);
          alive && told.insert(id).second) {
        kill(caf::actor_cast<caf::actor>(alive));
        news = true;
      }
    // Delayed messages would keep those alive whom they are for.
    scheduler_.clock().cancel_all();
    while (run_one())
      news = true;
  }
}

void world::mix(uint64_t what) {
  // FNV-1a, a word at a time.
  hash_ = (hash_ ^ what) * 1099511628211u;
}

void world::mix(std::string_view what) {
  for (auto c : what)
    mix(uint64_t{static_cast<unsigned char>(c)});
}

} // namespace berth::tests

#include "tests/support/world.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <stdexcept>

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
    if (n == steps_per_instant_max)
      throw std::logic_error{"The world does not come to rest."};
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

void world::jump(duration by) {
  scheduler_.clock().advance_time(by);
  woke_ = now();
  slept_ += by;
}

void world::after(size_t deliveries, std::function<void()> what) {
  plans_.emplace(steps_ + deliveries, std::move(what));
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
  while (!plans_.empty() && plans_.begin()->first <= steps_)
    plans_.extract(plans_.begin()).mapped()();
  return true;
}

/// Remembers who runs, to end it some day, and that it ran now.
void world::meet(caf::resumable* job) {
  if (job->subtype() != caf::resumable::scheduled_actor)
    return;
  auto whom = static_cast<caf::scheduled_actor*>(job);
  auto id = whom->id();
  mix(id);
  mix(static_cast<uint64_t>(now().time_since_epoch().count()));
  if (id >= known_.size())
    known_.resize(2 * id + 1024);
  if (known_[id])
    return;
  known_[id] = true;
  if (met_.size() >= met_max_) {
    std::erase_if(met_, [](const auto& x) {
      return !caf::actor_cast<caf::strong_actor_ptr>(x);
    });
    met_max_ = 2 * met_.size() + 1024;
  }
  met_.push_back(whom->address());
}

std::vector<caf::actor> world::find(std::string_view name) const {
  std::vector<caf::actor> result;
  for (auto& x : met_) {
    auto alive = caf::actor_cast<caf::strong_actor_ptr>(x);
    if (!alive)
      continue;
    auto whom = dynamic_cast<caf::local_actor*>(
      caf::actor_cast<caf::abstract_actor*>(alive));
    if (whom && !whom->getf(caf::abstract_actor::is_terminated_flag)
        && name == whom->name())
      result.push_back(caf::actor_cast<caf::actor>(alive));
  }
  return result;
}

/// Ending some may start others: until there is nobody new.
void world::end_everybody() {
  plans_.clear();
  std::set<caf::actor_id> told;
  for (bool news = true; news;) {
    news = false;
    // Whoever is new comes last, and may come while others are told.
    for (auto& x : std::vector{met_})
      if (auto alive = caf::actor_cast<caf::strong_actor_ptr>(x);
          alive && told.insert(x.id()).second) {
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
  uint64_t word = what.size();
  for (; what.size() >= sizeof word; what.remove_prefix(sizeof word)) {
    std::memcpy(&word, what.data(), sizeof word);
    mix(word);
  }
  word = what.size();
  std::memcpy(&word, what.data(), what.size());
  mix(word);
}

} // namespace berth::tests

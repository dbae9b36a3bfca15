// Processes that share the seeds of a swarm. One that crashes costs the swarm
// the seed it was at, and nothing else.

#pragma once

#include "scenarios/swarm.hpp"

#include <functional>

namespace berth::scenarios {

/// Plays every seed of `how` in one of its processes; calls `told` here, once
/// for each seed, as they end.
void play_in_jobs(const swarm_options& how,
                  const std::function<run_report(uint64_t)>& player,
                  const std::function<void(uint64_t, const run_report&)>& told);

} // namespace berth::scenarios

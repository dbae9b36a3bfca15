// The trial of the invariants themselves: on the naive model they must find
// what they are there to find.

#pragma once

#include "scenarios/swarm.hpp"

namespace berth::scenarios {

/// Plays the seeds on the naive model, and says of each promise in how many it
/// was broken, and how first. True if all were that must be.
bool try_naive(const swarm_options& options);

} // namespace berth::scenarios

// A swarm: unreliable agents, an unreliable Chrome and an unreliable disk, all
// drawn from one seed. First chaos, then peace: whatever happened, nobody ever
// holds what is another's, and in the end everybody is served.

#pragma once

#include <cstddef>
#include <cstdint>

namespace berth::scenarios {

struct swarm_options {
  size_t seeds = 100;
  uint64_t first = 1;   ///< The first seed; a single one replays a run.
  bool journal = false; ///< Print the journal of what failed.
};

/// Plays the seeds, every tenth one twice. Says `seed N: complaint`, or at the
/// end how many were clean. True if all were.
bool run_swarm(const swarm_options& options);

} // namespace berth::scenarios

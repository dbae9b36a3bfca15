// A swarm of unreliable agents shares a few tabs of an unreliable Chrome.
// Chaos first, then peace: whatever happens in chaos, nothing unsafe may; and
// in peace everybody must be served again.

#pragma once

#include <cstdint>
#include <string>

namespace berth::scenarios {

struct swarm_options {
  uint64_t seed = 1;
  int chaos_seconds = 60;
  int peace_seconds = 60;
};

struct swarm_result {
  std::string complaint; ///< Empty: nothing was wrong.
  size_t messages = 0;
  uint64_t hash = 0; ///< Equal for equal seeds.
};

swarm_result run_swarm(const swarm_options& how);

} // namespace berth::scenarios

#include "scenarios/swarm.hpp"
namespace berth::scenarios {
bool run_swarm(const swarm_options&) {
  return true;
}
} // namespace berth::scenarios

// What both ends of the CAF network must have in common.

#pragma once

#include "protocol/types.hpp"

#include <caf/fwd.hpp>

namespace berth::actors {

/// How soon either end notices that the other one is gone without a word (it
/// was stopped, or cut off). If only one end has heartbeats, it throws out
/// healthy idle peers: every process that speaks on the network sets these.
struct pulse {
  protocol::duration heartbeat = std::chrono::seconds{1};
  protocol::duration silence_max = std::chrono::seconds{10};
};

/// Loads CAF's network and our vocabulary, gives the system a random node id,
/// sets the heartbeats, and the `sharing` scheduler: the idle workers of
/// `stealing` sleep, which makes a remote request five times slower. Threads
/// are left as they are.
void speak_berth(caf::actor_system_config& config, pulse how);

} // namespace berth::actors

// Connects to a daemon and to nobody else. CAF's own connect greets whoever has
// the port, and the greeting has the client's secret in it.

#pragma once

#include <caf/io/middleman_actor.hpp>

#include <cstdint>
#include <vector>

namespace berth::client {

/// Takes what CAF's own middleman takes. A connection on this machine whose
/// other end is neither root's, nor this process's user's, nor one of `uids`'
/// is closed before a byte is sent: `daemon.unreachable`, with whose it is.
/// Ends with its last user.
caf::io::middleman_actor
spawn_caller(caf::actor_system& system, std::vector<uint32_t> uids);

} // namespace berth::client

// The door on the CAF network, with the guards that CAF itself lacks.
//
// CAF allocates whatever a header announces, up to 4 GB, and never closes a
// connection that says nothing. This door closes a connection
// - that announces a message over `message_max`;
// - whose first message is not a client's handshake, or is not complete in
//   time; the oldest of these also make room when the door is full;
// - that comes when there are `clients_max` and some already.
// Nobody else is affected.

#pragma once

#include "actors/held_port.hpp"
#include "protocol/config.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <memory>
#include <set>
#include <string>
#include <utility>

namespace berth::actors {

/// Connections beside those of clients: refused ones that wait for a polite
/// answer, and those that come back before the old one was seen to break.
inline constexpr size_t spare_connections = 16;

/// How long a stranger may take to say who it is.
inline constexpr protocol::duration handshake_within = std::chrono::seconds{5};

/// Lets clients in at `how.host` and `how.port`, or at the port that is held
/// already; returns the port. What may go wrong is
/// `caf::sec::cannot_open_port`.
caf::expected<uint16_t>
publish_guarded(caf::actor_system& system, caf::strong_actor_ptr whom,
                std::set<std::string> signatures,
                const protocol::door_limits& how,
                protocol::duration patience = handshake_within,
                std::shared_ptr<held_port> held = {});

template <class... Signatures>
caf::expected<uint16_t>
publish_guarded(caf::actor_system& system,
                const caf::typed_actor<Signatures...>& whom,
                const protocol::door_limits& how,
                protocol::duration patience = handshake_within,
                std::shared_ptr<held_port> held = {}) {
  using handle = caf::typed_actor<Signatures...>;
  return publish_guarded(system, caf::actor_cast<caf::strong_actor_ptr>(whom),
                         system.message_types<handle>(), how, patience,
                         std::move(held));
}

} // namespace berth::actors

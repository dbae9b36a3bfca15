// The door on the CAF network, with the guards that CAF itself lacks.
//
// CAF trusts whoever speaks its protocol, allocates whatever a header
// announces, and never closes a connection that says nothing. This door closes
// a connection
// - that is not made on this machine by the daemon's own user, by root, or by
//   one of `uids`: before a byte is read, as the kernel says;
// - that sends a frame which no client sends (`protocol::wire_gate`);
// - that has no client in time; the oldest of these also make room when the
//   door is full;
// - that holds more than others of what may wait in all of them;
// - that comes when there are `clients_max` and some already.
// Nobody else is affected. When it is closed, so are all its connections; what
// is written to them is sent only when the whole system ends.

#pragma once

#include "actors/held_port.hpp"
#include "actors/peer_book.hpp"
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

/// What may wait in all connections together, in messages of the largest size:
/// those that are not here whole, and those that peers do not read.
inline constexpr size_t unfinished_messages = 4;
inline constexpr size_t unread_messages = 8;

/// How long a peer may take.
struct door_patience {
  /// A stranger, to say who it is, and what it wants.
  protocol::duration handshake = std::chrono::seconds{5};
  /// From its first hello until it has a client, or from the end of its last
  /// client to the next hello. A daemon that has lost its crew says welcome
  /// when the next one stands.
  protocol::duration welcome = std::chrono::seconds{30};
};

/// Lets clients in at `how.host` and `how.port`, or at the port that is held
/// already, and keeps the book on the loop's thread; returns the port. What may
/// go wrong is `caf::sec::cannot_open_port`.
caf::expected<uint16_t>
publish_guarded(caf::actor_system& system, caf::strong_actor_ptr whom,
                std::set<std::string> signatures,
                const protocol::door_limits& how,
                std::shared_ptr<peer_book> book, door_patience patience = {},
                std::shared_ptr<held_port> held = {});

template <class... Signatures>
caf::expected<uint16_t>
publish_guarded(caf::actor_system& system,
                const caf::typed_actor<Signatures...>& whom,
                const protocol::door_limits& how,
                std::shared_ptr<peer_book> book, door_patience patience = {},
                std::shared_ptr<held_port> held = {}) {
  using handle = caf::typed_actor<Signatures...>;
  return publish_guarded(system, caf::actor_cast<caf::strong_actor_ptr>(whom),
                         system.message_types<handle>(), how, std::move(book),
                         patience, std::move(held));
}

} // namespace berth::actors

// The mooring ties one client to a daemon, and ties it again when the rope
// breaks. To its owner it looks like the daemon's own `client_actor`, one that
// never dies: requests wait for the connection, held leases are renewed.
//
// For host programs with an actor system of their own. Others use `connection`.

#pragma once

#include "actors/interfaces.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace berth::client {

namespace words = berth::protocol;

/// How a mooring does its work.
struct mooring_options {
  std::string host = "127.0.0.1";
  uint16_t port = 9334;
  std::string name = "agent"; ///< For people: `berth status` shows it.
  /// Kept over reconnects.
  actors::client_secret secret = actors::make_secret();
  /// None: it has the rights of an agent.
  std::optional<actors::secret_key> operator_key;
  /// Whose daemon it may speak to, beside root's and one's own.
  std::vector<uint32_t> daemon_uids;
  /// How long a request waits for a connection, and a connection for a
  /// daemon that accepts it and says nothing.
  words::duration connect_within = std::chrono::seconds{5};
  words::duration backoff_min = std::chrono::milliseconds{50};
  words::duration backoff_max = std::chrono::seconds{2};
  size_t requests_max = 512;             ///< Under way and waiting.
  size_t request_max = size_t{32} << 20; ///< Bytes of one request's text.
  /// What happens, one event at a time; the next comes when it returned.
  std::function<void(const words::event&)> on_event;
  /// A lease that was acquired here is over, and not because it was released.
  /// Called on the mooring's own thread: must not block.
  std::function<void(const words::lease_ref&, const words::failure&)> on_lost;
  /// The connection broke, and why; none: there is one again. As `on_lost`.
  std::function<void(const std::optional<words::failure>&)> on_link;
};

/// Answers with what the daemon said first, once it has said it.
struct get_welcome {};

/// Speaks for one client. Everything that `client_actor` takes: forwarded when
/// there is a connection, `daemon.unreachable` if none is made in time,
/// `daemon.cut_off` if it breaks before the answer (then the request may have
/// taken effect). After `goodbye` it is gone.
/// What is for operators is answered with `client.rights` unless the daemon
/// took this client for one.
using mooring_actor
  = actors::client_actor::extend_with<actors::operator_actor>::extend<
    caf::replies_to<get_welcome>::with<actors::welcome>>;

/// The system's configuration must speak Berth (see actors/wire.hpp).
mooring_actor spawn_mooring(caf::actor_system& system, mooring_options how);

} // namespace berth::client

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::client::get_welcome)

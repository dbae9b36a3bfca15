// Requests of a client that are not commands to a tab, and their answers. All
// of it crosses wires: instants are told as durations from now.

#pragma once

#include "protocol/browser.hpp"
#include "protocol/event.hpp"
#include "protocol/lease.hpp"
#include "protocol/principal.hpp"
#include "protocol/types.hpp"

#include <string>
#include <vector>

namespace berth::protocol {

/// What this program speaks. A daemon refuses another number, by name.
inline constexpr uint32_t wire_version = 6;

/// Asks for a berth: a lease with a tab of its own.
struct acquire {
  principal by; ///< Of the door: does not cross the wire.
  work_key key{"web"};
  duration wait{};  ///< How long it would wait for its turn. Zero: not at all.
  duration ttl{};   ///< How long it lives without a sign. Zero: the default.
  duration grace{}; ///< How long it outlives a lost connection.
  holder_kind kind{};
  profile_kind profile{};
  browser_name browser; ///< Where; empty: wherever there is room.

  friend bool operator==(const acquire&, const acquire&) = default;
};

/// The answer to `acquire`.
struct grant {
  lease_credential lease; ///< Keep it, and to yourself: it opens the lease.
  work_key key;
  holder_kind kind{};
  profile_kind profile{};
  target_id target;
  uint64_t generation = 0;
  duration expires_in{}; ///< Unless renewed, or commands keep it alive.
  browser_name browser;

  friend bool operator==(const grant&, const grant&) = default;
};

/// Gives a lease back before its deadline. Answered once its tab is gone.
struct release_lease {
  lease_credential lease;
};

/// Ends a lease in the operator's name, without its credential.
struct revoke_lease {
  lease_id lease;
  principal by = {}; ///< Of the door.
};

/// Leaves the queue. Whoever waits with it gets `ticket.cancelled`.
struct cancel_ticket {
  principal by; ///< Of the door.
  ticket_id ticket;
};

struct get_status {};

/// A lease as anybody may see it: without its credential.
struct lease_view {
  lease_id lease;
  work_key key;
  holder_kind kind{};
  profile_kind profile{};
  lease_state state{};
  client_id client;
  std::string client_name; ///< Empty if it is not connected.
  int64_t pid = 0;         ///< Of the client's process; 0: not known.
  target_id target;
  bool lost = false; ///< That tab is gone, and may be recovered.
  uint64_t generation = 0;
  duration expires_in{};
  browser_name browser;

  friend bool operator==(const lease_view&, const lease_view&) = default;
};

struct ticket_view {
  ticket_id ticket;
  client_id client;
  work_key key;
  uint64_t ahead = 0;
  duration estimate{};
  duration expires_in{};
  browser_name browser; ///< In whose line it stands.

  friend bool operator==(const ticket_view&, const ticket_view&) = default;
};

/// One key in one browser.
struct key_view {
  work_key key;
  uint64_t active = 0;
  uint64_t cap = 0;
  uint64_t waiting = 0;
  browser_name browser;

  friend bool operator==(const key_view&, const key_view&) = default;
};

/// What `berth status` shows.
struct status {
  std::string version; ///< Of the program.
  int64_t pid = 0;
  uint64_t epoch = 0;
  duration uptime{};
  uint64_t clients = 0;
  uint64_t slots = 0; ///< Of all browsers, as the next two.
  uint64_t slots_max = 0;
  uint64_t tabs_max = 0;
  std::vector<browser_view> browsers; ///< One at least.
  std::vector<key_view> keys;
  std::vector<lease_view> leases;
  std::vector<ticket_view> tickets;
  std::string journal_trouble; ///< Why nothing can be recorded; else empty.
  std::string log_trouble; ///< Lines that the daemon's log lacks; else empty.

  friend bool operator==(const status&, const status&) = default;
};

} // namespace berth::protocol

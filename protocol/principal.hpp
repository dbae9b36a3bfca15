// Who asks. A principal is made by the door that a request came through, never
// by the one who asks: no principal crosses a wire.

#pragma once

#include "protocol/types.hpp"

#include <cstdint>
#include <optional>

namespace berth::protocol {

enum class rights_kind : uint8_t {
  agent,     ///< Drives what it has a credential for.
  operator_, ///< Also sees to the browsers, and to others' leases.
};

/// "agent", "operator"
const char* to_string(rights_kind x);

enum class door_kind : uint8_t {
  daemon,  ///< None: the daemon asks itself.
  caf,     ///< The CAF network.
  library, ///< A host program that has the daemon within itself.
};

/// "daemon", "caf", "library"
const char* to_string(door_kind x);

struct principal {
  client_id client;
  rights_kind rights{};
  door_kind door{};
  std::optional<uint32_t> uid; ///< None: the door could not find out.
  std::optional<int64_t> pid;

  /// An agent of this name: nobody has more rights by accident.
  principal(client_id who = {}) : client{who} {
    // nop
  }

  friend bool operator==(const principal&, const principal&) = default;
};

/// The daemon itself, which may do anything.
principal of_daemon();

/// What may be asked, as far as it matters who asks.
enum class verb : uint8_t {
  acquire,        ///< A lease of its own, and leaving the queue again.
  drive,          ///< Commands, renewal and release, with the credential.
  converse,       ///< Sessions and their runs.
  look,           ///< Status: names and numbers, no contents, no credentials.
  hear_own,       ///< Events of itself, its leases and watched sessions.
  hear_all,       ///< Everybody's events, as they happen.
  read_events,    ///< Everybody's last events.
  revoke,         ///< The end of another's lease, without its credential.
  change_browser, ///< Drain, undrain, restart, remove.
  add_browser,    ///< One more Chrome.
};

inline constexpr size_t verb_count = size_t(verb::add_browser) + 1;

/// "revoke a lease": what a refusal says was not done.
const char* to_string(verb x);

bool may(rights_kind who, verb what);

} // namespace berth::protocol

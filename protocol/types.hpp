// The words every room of the house shares: ids, names, instants.
//
// A number or a name means one thing only: `lease_id` and `ticket_id` do not
// mix. Instants are always arguments: nothing in this room reads a clock.

#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::protocol {

using duration = std::chrono::nanoseconds;

/// An instant of the daemon's own clock. Never leaves the process: what goes
/// over a wire is a duration from now.
using timestamp = std::chrono::time_point<std::chrono::steady_clock, duration>;

template <class Tag>
struct id {
  uint64_t value = 0;

  friend auto operator<=>(const id&, const id&) = default;

  /// Zero is nobody's id.
  explicit operator bool() const {
    return value != 0;
  }
};

using client_id = id<struct client_tag>;   ///< One connection; random.
using lease_id = id<struct lease_tag>;     ///< Never used twice by a daemon.
using ticket_id = id<struct ticket_tag>;   ///< A place in the queue.
using slot_id = id<struct slot_tag>;       ///< The right to have one tab.
using session_id = id<struct session_tag>; ///< One conversation.
using run_id = id<struct run_tag>;         ///< Grows within its session.

template <class Tag>
struct name {
  std::string value;

  friend auto operator<=>(const name&, const name&) = default;

  explicit operator bool() const {
    return !value.empty();
  }
};

using target_id = name<struct target_tag>;         ///< As CDP calls it.
using context_id = name<struct context_tag>;       ///< CDP's browserContextId.
using attachment_id = name<struct attachment_tag>; ///< CDP's flat sessionId.
using work_key = name<struct key_tag>;             ///< What caps count by.
using browser_name = name<struct browser_tag>;     ///< One of the daemon's.

/// Orders grants. A command whose token is older than the tab's is refused.
struct fencing_token {
  uint64_t epoch = 0;    ///< Grows with every start of the daemon.
  uint64_t sequence = 0; ///< Grows with every grant within an epoch.

  friend auto operator<=>(const fencing_token&, const fencing_token&) = default;
};

/// The name of one grant: written `7:1.9`, which is lease 7 with token 1.9.
/// It opens nothing: see `lease_credential`.
struct lease_ref {
  lease_id lease;
  fencing_token token;

  friend auto operator<=>(const lease_ref&, const lease_ref&) = default;
};

std::string to_string(fencing_token x);
std::string to_string(lease_ref x);

/// Reads what `to_string` wrote. None if the text is anything else.
std::optional<lease_ref> parse_lease_ref(std::string_view text);

/// `1m 30s`, `250ms`, `2h`: two units at most, for people.
std::string to_string(duration x);

/// Reads `90s`, `1m30s`, `1m 30s`, `250ms`, `2h`, or a bare number of seconds
/// (`1.5`). None if the text is anything else, or over 100 years.
std::optional<duration> parse_duration(std::string_view text);

} // namespace berth::protocol

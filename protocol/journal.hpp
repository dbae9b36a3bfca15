// The journal: what outlives the daemon. It keeps the state, which is a row for
// each lease, session, run, client and browser that there is, and the audit,
// which is an event for each thing that happened, the oldest of them given up.

#pragma once

#include "protocol/event.hpp"
#include "protocol/session_machine.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace berth::protocol {

/// What an answer that says "written down" outlives.
enum class durability : uint8_t {
  full,   ///< A power failure, too: each commit waits for the disk.
  normal, ///< The daemon's death at any instant.
  memory, ///< Nothing: only the epoch is kept.
};

const char* to_string(durability x);
std::optional<durability> parse_durability(std::string_view text);

struct journal_limits {
  static constexpr size_t size_least = size_t{1} << 20;

  durability keep = durability::normal;
  size_t audit_max = 100000;         ///< Events; then the oldest give way.
  size_t size_max = size_t{1} << 30; ///< Bytes of the file.
};

/// A run, and whose it is.
struct session_run {
  session_id session;
  struct run run;

  friend bool operator==(const session_run&, const session_run&) = default;
};

/// What an event alone does not tell of whatever it is about. A session comes
/// without its runs.
using journal_row = std::variant<lease, session_row, session_run>;
using journal_rows = std::vector<journal_row>;

/// What is written down at once: all of it, or nothing.
struct journal_entry {
  timestamp at;
  events what;
  journal_rows rows;
};

/// A browser, as its last event told of it.
struct browser_row {
  std::string name; ///< Empty: the only one, before they had names.
  bool up = false;
  std::string detail; ///< Its version, or why it is down.

  friend bool operator==(const browser_row&, const browser_row&) = default;
};

/// Who is connected.
struct client_row {
  client_id id;
  std::string name;

  friend bool operator==(const client_row&, const client_row&) = default;
};

/// One event of the audit: who did what, and when.
struct audit_row {
  uint64_t serial = 0; ///< 1, 2, 3, ... over all epochs.
  uint64_t epoch = 0;
  timestamp at;
  event what;

  friend bool operator==(const audit_row&, const audit_row&) = default;
};

/// All that is true, as far as the journal was told.
struct journal_state {
  uint64_t epoch = 0; ///< Of the crew that wrote it.
  std::map<lease_id, lease> leases;
  std::map<session_id, session_row> sessions; ///< With their runs.
  std::map<client_id, client_row> clients;
  std::map<std::string, browser_row> browsers;
  session_id last_session; ///< The highest number that was ever given.

  friend bool operator==(const journal_state&, const journal_state&) = default;
};

/// A tab of a lease that is over.
struct stray_tab {
  browser_name browser;
  target_id target;

  friend bool operator==(const stray_tab&, const stray_tab&) = default;
};

/// A crew takes over.
struct succession {
  uint64_t epoch = 0; ///< Its own.
  /// What lives on of what the crew before it held: bound leases, and sessions.
  journal_state left;
  std::vector<stray_tab> astray; ///< The tabs of what does not.
};

} // namespace berth::protocol

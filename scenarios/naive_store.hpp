// What the processes of the naive model share: files, each read and written as
// a whole. No file knows of another, and nobody holds a lock while it thinks.

#pragma once

#include "protocol/admission_queue.hpp"
#include "protocol/request.hpp"
#include "protocol/session.hpp"

#include <map>
#include <set>

namespace berth::scenarios {

using namespace protocol;

/// A lease, as somebody wrote it down. It has no deadline.
struct naive_row {
  lease_ref lease;
  client_id client;
  work_key key;
  target_id target;
  uint64_t generation = 1;
};

/// A conversation with its last run, as somebody wrote it down.
struct naive_talk {
  session_id id;
  std::string provider;
  std::string url; ///< Empty: nothing was sent yet.
  run_id run;
  std::string prompt;
  session_state state = session_state::fresh;
  std::string answer;
  timestamp started;
  timestamp settled;
};

using naive_rows = std::map<lease_id, naive_row>;

struct naive_store {
  naive_rows rows;                        ///< leases.json.
  std::map<session_id, naive_talk> talks; ///< sessions/SESSION.json.
  std::set<lease_id> busy; ///< busy/LEASE: there while a command runs.
  std::map<client_id, timestamp> heartbeats; ///< heartbeat/CLIENT.
  uint64_t ids = 0;    ///< In truth they are random: never the same twice.
  uint64_t runs = 0;   ///< The same.
  uint64_t tokens = 0; ///< Nobody looks at them.
};

/// Older than that, it is taken for dead.
inline constexpr duration heartbeat_max = std::chrono::seconds{15};

/// Whether a tab more of this key may be had. Only idle ones are counted.
bool has_room(const naive_store& disk, const work_key& key,
              const admission_queue::limits& caps);

/// Rows of clients that seem to be dead: of those who died, and of those who
/// are silent.
naive_rows find_stale(const naive_store& disk, timestamp now);

/// One of these that no row names. None, if there is none.
std::optional<target_id>
find_unclaimed(const naive_rows& rows, const std::vector<target_id>& pages);

} // namespace berth::scenarios

#pragma once

#include "actors/interfaces.hpp"
#include "protocol/event_rate.hpp"

#include <deque>
#include <map>
#include <set>

namespace berth::actors {

/// Of an event's `detail`; what is longer is cut.
inline constexpr size_t detail_max = 2048;

/// Keeps the last events in memory and tells the watchers. Alone it is what
/// the durability `memory` means; else `durable_recorder` stands before it.
struct recorder_state {
  static constexpr const char* name = "recorder";

  struct watcher {
    client_id client;
    interest wants = interest::own;
    std::set<session_id> sessions; ///< Whatever it wants: of these, too.
    std::deque<event> backlog;
    bool busy = false;   ///< A batch is on its way and not yet answered.
    uint64_t missed = 0; ///< Events that found the backlog full.
  };

  size_t events_kept = 0;
  timestamp started;
  event_rate rate; ///< If no recorder before this one has its own.
  uint64_t last_number = 0;
  std::deque<event> kept;
  std::map<watcher_actor, watcher> watchers;
};

using recorder_shell = recorder_actor;

recorder_actor::behavior_type
recorder(recorder_actor::stateful_pointer<recorder_state> self,
         size_t events_kept);

} // namespace berth::actors

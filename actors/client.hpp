#pragma once

#include "actors/interfaces.hpp"
#include "protocol/config.hpp"

#include <list>
#include <map>
#include <string>
#include <vector>

namespace berth::actors {

struct client_start {
  hello who;
  principal by; ///< Made by the door.
  crew with;
  config how;
  timestamp started; ///< Of the daemon.
  secret_key key;    ///< For credentials of leases.
};

/// One agent's connection. Knows which tab a lease's commands go to, and ends
/// when the agent's own watcher is gone; whoever spawned it cleans up then.
struct client_state {
  static constexpr const char* name = "client";

  client_start with;
  std::map<lease_id, tab_actor> tabs; ///< Of leases it used, newest last.
  std::list<lease_id> used;
  bool winding_down = false; ///< The daemon takes no new work.
  /// Who waits for the status that is put together now, and for the next one:
  /// it must not be older than the question.
  std::vector<caf::typed_response_promise<status>> status_now, status_next;
};

using client_shell = client_actor::extend<caf::reacts_to<wind_down>>;

client_shell::behavior_type
client(client_shell::stateful_pointer<client_state> self,
       const client_start& with);

} // namespace berth::actors

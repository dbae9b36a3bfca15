#pragma once

#include "actors/client.hpp"
#include "actors/interfaces.hpp"
#include "actors/peer_book.hpp"
#include "actors/process_finder.hpp"
#include "protocol/config.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>

namespace berth::actors {

/// Are you there? To be answered at once.
struct call_roll {};

struct gateway_start {
  harbour_actor harbour;
  config how;
  steward_actor steward = {};
  daemon_keys keys = {};
  std::shared_ptr<peer_book> peers = {}; ///< None where there is no door.
  process_finder_actor finder = {};      ///< The same.
};

/// Lets clients in, and cleans up after them: whatever ends a client's actor
/// (its agent's death, a goodbye, a bug), what it held is given up here.
struct gateway_state {
  static constexpr const char* name = "gateway";

  struct guest {
    client_shell client;
    operator_actor operator_; ///< None: it is no operator.
    crew with;
    std::string name;
    caf::node_id node; ///< Where the agent is.
  };

  gateway_start with;
  timestamp started;
  std::map<client_id, guest> guests;
  /// Said hello, and was not answered yet; from where.
  std::map<client_id, caf::node_id> arriving;
  /// Of each process one is let in at a time: many hellos at once are nobody
  /// else's wait. The first of each line is under way.
  std::map<caf::node_id, std::deque<std::function<void()>>> lines;
  size_t searches = 0; ///< For their processes.
};

using gateway_shell
  = gateway_actor::extend<caf::reacts_to<wind_down>,
                          // From the steward.
                          caf::replies_to<call_roll>::with<void>>;

gateway_shell::behavior_type
gateway(gateway_shell::stateful_pointer<gateway_state> self,
        const gateway_start& with);

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::call_roll)

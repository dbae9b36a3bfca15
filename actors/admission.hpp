#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"
#include "protocol/admission_board.hpp"
#include "protocol/config.hpp"

#include <map>

namespace berth::actors {

struct admission_start {
  config how;
  recorder_actor recorder;
  fleet_actor fleet;
  lease_registry_actor registry;
  roster who;
  std::vector<protocol::lease> kept = {}; ///< Of earlier epochs.
};

/// Every decision is the board's; the rest is plumbing.
struct admission_state {
  static constexpr const char* name = "admission";

  struct waiter {
    acquire request;
    caf::typed_response_promise<opened_lease> promise;
  };

  admission_start with;
  admission_board board;
  struct offer {
    work_key key;
    browser_name where;
    caf::response_promise promise;
  };

  std::map<ticket_id, waiter> waiters; ///< Parked until their turn.
  std::map<client_id, offer> offers;   ///< Until somebody wants them.
  class alarm alarm;
};

using admission_shell = admission_actor::extend<caf::reacts_to<wake_atom>>;

admission_shell::behavior_type
admission(admission_shell::stateful_pointer<admission_state> self,
          const admission_start& with);

} // namespace berth::actors

#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"
#include "protocol/config.hpp"
#include "protocol/lease_table.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace berth::actors {

struct registry_start {
  uint64_t epoch = 0; ///< Greater than in any earlier run.
  config how;
  recorder_actor recorder;
  fleet_actor fleet;
  std::vector<protocol::lease> kept = {}; ///< Of earlier epochs.
};

/// Every decision is the table's; the rest is plumbing.
struct registry_state {
  static constexpr const char* name = "lease_registry";

  /// What the table does not need to know of a lease.
  struct entry {
    admission_actor admission; ///< Gets the slot back.
    caf::typed_response_promise<opened_lease> opened;
    tab_actor tab; ///< Null until it was opened.
    failure why;   ///< Why it was not opened.
    std::vector<caf::response_promise> closed;
    bool ending = false;  ///< Its end is being written down; then it ends.
    bool written = false; ///< That was done.
  };

  registry_start with;
  lease_table table;
  std::map<lease_id, entry> entries;
  std::map<client_id, std::string> names;
  size_t reviving = 0; ///< Kept leases whose tabs are not here yet.
  std::vector<std::function<void()>> joining; ///< Until they are.
  class alarm alarm;
};

using lease_registry_shell
  = lease_registry_actor::extend<caf::reacts_to<wake_atom>>;

lease_registry_shell::behavior_type
lease_registry(lease_registry_shell::stateful_pointer<registry_state> self,
               const registry_start& with);

} // namespace berth::actors

#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"
#include "actors/lease_words.hpp"
#include "protocol/config.hpp"
#include "protocol/lease_table.hpp"
#include "protocol/restart_budget.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace berth::actors {

/// A disk that takes longer to write something down is as good as none.
inline constexpr duration record_patience = std::chrono::seconds{30};

/// How long `open_lease` takes at most: its row, its tab, its binding. Whoever
/// asks must not give up before that, or the lease is nobody's.
inline duration open_lease_within(const config& how) {
  return 2 * record_patience + 2 * how.tab.open_within;
}

/// Between one actor's patience and that of whoever asked it.
inline constexpr duration patience_margin = std::chrono::seconds{5};

struct registry_start {
  uint64_t epoch = 0; ///< Greater than in any earlier run.
  config how;
  recorder_actor recorder;
  fleet_actor fleet;
  std::vector<protocol::lease> kept = {}; ///< Of earlier epochs.
};

/// How often another may drive a tab, at once, before its lease is ended.
inline constexpr restart_budget::limits drivers_of_tab{
  3, std::chrono::minutes{1}, duration{0}, duration{0}};

/// Every decision is the table's; the rest is plumbing.
struct registry_state {
  static constexpr const char* name = "lease_registry";

  /// What the table does not need to know of a lease.
  struct entry {
    admission_actor admission; ///< Gets the slot back.
    caf::typed_response_promise<opened_lease> opened;
    tab_actor tab;     ///< Null until it was opened.
    bool lost = false; ///< What it drove; it has not recovered that yet.
    failure why;       ///< Why it was not opened.
    std::vector<caf::response_promise> closed;
    restart_budget drivers{drivers_of_tab}; ///< Of its tab, if one fails.
    /// Who asks for the tab while another one is about to drive it.
    std::vector<caf::typed_response_promise<opened_lease>> seekers;
    uint64_t rows = 0;    ///< So many with its ttl were given to the journal.
    bool ending = false;  ///< Its end is being written down; then it ends.
    bool written = false; ///< That was done.
  };

  /// Nothing that is recorded of it after its end may bring it back.
  bool is_ending(lease_id which) const {
    auto i = entries.find(which);
    return i != entries.end() && i->second.ending;
  }

  registry_start with;
  lease_table table;
  std::map<lease_id, entry> entries;
  std::map<client_id, holder> holders; ///< Those that are connected.
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

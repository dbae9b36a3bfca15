#pragma once

#include "actors/interfaces.hpp"

namespace berth::actors {

struct operator_start {
  principal by;           ///< Made by the door.
  caf::actor_addr client; ///< Ends with it.
  watcher_actor watcher;
  crew with;
};

/// What one operator may ask beyond what every client may: passes it on, in
/// its name.
struct operator_state {
  static constexpr const char* name = "operator";

  operator_start with;
};

operator_actor::behavior_type
operate(operator_actor::stateful_pointer<operator_state> self,
        const operator_start& with);

/// Why this principal may not do it; none: it may.
std::optional<failure> refuse_rights(const principal& who, verb what);

} // namespace berth::actors

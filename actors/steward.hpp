#pragma once

#include "actors/front_door.hpp"
#include "protocol/roll_call.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>

namespace berth::actors {

struct steward_start {
  harbour_actor harbour;
  front_door_actor door;
  duration grace{}; ///< How long Chrome may be away.
  /// Whether the state directory is this daemon's still. Quick.
  std::function<bool()> owns;
  /// The crew has answered: this is how Chrome is.
  std::function<void(const browser_view&)> note;
};

/// Looks once a second how the daemon is, and whether it is the owner still.
/// Who of the crew does not answer any more is replaced like one that died, and
/// so is the gateway.
/// Ends with the reason when the daemon is not the owner any more, when it has
/// stepped down, or when its supervisor or its front door does not answer: the
/// daemon is to end then, and leaves everything to the next one.
struct steward_state {
  static constexpr const char* name = "steward";

  steward_start with;
  owner_health health;
  timestamp started;
  std::optional<timestamp> down_since; ///< None: Chrome is ready.
  bool asking = false;
  roll_call present;
  std::set<std::string> asked; ///< Who has not answered yet, in time.
  uint64_t replaced = 0; ///< How often: answers of those before count no more.
};

using steward_shell = steward_actor::extend<caf::reacts_to<wake_atom>>;

steward_shell::behavior_type
steward(steward_shell::stateful_pointer<steward_state> self,
        const steward_start& with);

} // namespace berth::actors

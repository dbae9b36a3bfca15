#pragma once

#include "actors/interfaces.hpp"
#include "protocol/config.hpp"

#include <map>

namespace berth::actors {

struct reaper_start {
  config how;
  browser_actor browser;
  recorder_actor recorder;
};

/// Goes after tabs whose lease is over and that did not close when asked. It
/// wakes up when the journal tells of one, and then until none is left.
struct reaper_state {
  static constexpr const char* name = "reaper";

  reaper_start with;
  bool awake = false; ///< A sweep is due or under way.
};

/// Its own ears: the recorder tells it what happens.
using reaper_shell = reaper_actor::extend<caf::replies_to<events>::with<void>>;

reaper_shell::behavior_type
reaper(reaper_shell::stateful_pointer<reaper_state> self,
       const reaper_start& with);

} // namespace berth::actors

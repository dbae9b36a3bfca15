#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"
#include "actors/recaller.hpp"
#include "protocol/config.hpp"
#include "protocol/restart_budget.hpp"
#include "protocol/session_directory.hpp"

#include <map>
#include <optional>

namespace berth::actors {

struct session_registry_start {
  config how; ///< Providers are those that its timeouts know.
  recorder_actor recorder;
  page_factory make_page;
  session_id last; ///< None of the crews before gave a higher number.
  std::map<session_id, session_row> kept = {}; ///< Of the crew before.
  recaller_actor recaller = {}; ///< None: nothing is written down.
};

/// Which session is meant is the directory's decision. One that falls by an
/// accident goes on with what it has written down, until its budget of
/// restarts is spent: then it is closed, and nobody else is troubled.
struct session_registry_state {
  static constexpr const char* name = "session_registry";

  struct accident {
    restart_budget budget{};
    std::optional<timestamp> again; ///< When to start it.
  };

  session_registry_start with;
  session_directory open;
  std::map<session_id, session_actor> sessions;
  std::map<session_id, accident> accidents;
  class alarm alarm;
};

using session_registry_shell
  = session_registry_actor::extend<caf::reacts_to<wake_atom>>;

session_registry_shell::behavior_type session_registry(
  session_registry_shell::stateful_pointer<session_registry_state> self,
  const session_registry_start& with);

} // namespace berth::actors

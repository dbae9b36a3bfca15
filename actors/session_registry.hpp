#pragma once

#include "actors/interfaces.hpp"
#include "protocol/config.hpp"
#include "protocol/session_directory.hpp"

#include <map>

namespace berth::actors {

struct session_registry_start {
  config how; ///< Providers are those that its timeouts know.
  recorder_actor recorder;
  page_factory make_page;
  session_id last; ///< None of the crews before gave a higher number.
  std::map<session_id, session_row> kept = {}; ///< Of the crew before.
};

/// Which session is meant is the directory's decision.
struct session_registry_state {
  static constexpr const char* name = "session_registry";

  session_registry_start with;
  session_directory open;
  std::map<session_id, session_actor> sessions;
};

using session_registry_shell = session_registry_actor;

session_registry_shell::behavior_type session_registry(
  session_registry_shell::stateful_pointer<session_registry_state> self,
  const session_registry_start& with);

} // namespace berth::actors

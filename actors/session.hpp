#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"

#include <map>
#include <optional>
#include <string>

namespace berth::actors {

struct session_start {
  session_id id;
  std::string provider;
  session_machine::limits how;
  recorder_actor recorder;
  session_registry_actor registry; ///< Is told when the session is over.
  page_factory make_page;
};

/// Every decision is the machine's; the rest is plumbing. A page side is made
/// when there is first something to do in the page, and again when one died by
/// accident: to the run that is the loss of its tab.
struct conversation {
  static constexpr const char* name = "session";

  /// Tells those who wait still, after an accident, that there is no session.
  ~conversation();

  session_start with;
  std::optional<session_machine> rules;
  page_actor page;
  waiter_id last_waiter;
  std::map<waiter_id, caf::typed_response_promise<run_view>> waiters;
  class alarm alarm;
};

using session_shell = session_actor::extend<caf::reacts_to<wake_atom>>;

session_shell::behavior_type
session(session_shell::stateful_pointer<conversation> self,
        const session_start& with);

} // namespace berth::actors

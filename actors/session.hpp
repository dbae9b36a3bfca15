#pragma once

#include "actors/alarm.hpp"
#include "actors/interfaces.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth::actors {

struct session_start {
  session_row row; ///< A new one, or as an earlier crew left it.
  session_machine::limits how;
  recorder_actor recorder;
  session_registry_actor registry; ///< Is told when the session is over.
  page_factory make_page;
};

/// Every decision is the machine's; the rest is plumbing. What it decides is
/// written down before anything is done in the page, and before anybody hears:
/// what comes while the disk is at work waits in line. A page side is made when
/// there is first something to do in the page, and again when one died by
/// accident: to the run that is the loss of its tab.
struct conversation {
  static constexpr const char* name = "session";

  /// Tells those who wait still, after an accident, that there is no session.
  ~conversation();

  /// What was decided, and is not done yet.
  struct decided {
    record what;
    std::vector<session_act> acts;
    std::map<waiter_id, run_view> seen; ///< What its waiters are told.
    /// To whoever does not wait for the run: what was decided, or why not.
    std::function<void(const failure& why)> answer;
  };

  session_start with;
  std::optional<session_machine> rules;
  std::deque<decided> line;
  size_t writing = 0;             ///< How many of them the disk is at.
  std::optional<failure> trouble; ///< The disk failed: nothing new is begun.
  timestamp try_again;
  page_actor page;
  waiter_id last_waiter;
  std::map<waiter_id, caf::typed_response_promise<run_view>> waiters;
  bool is_stopped = false; ///< In order: the next daemon goes on with it.
  class alarm alarm;
};

using session_shell = session_actor::extend<caf::reacts_to<wake_atom>>;

session_shell::behavior_type
session(session_shell::stateful_pointer<conversation> self,
        const session_start& with);

} // namespace berth::actors

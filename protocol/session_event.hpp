// What `session_machine` decides: the verdict, what changed, and what must now
// be done by the session's actor. Acts are carried out in their order.

#pragma once

#include "protocol/session.hpp"

#include <variant>
#include <vector>

namespace berth::protocol {

// -- events -------------------------------------------------------------------

/// The run waits, with `ahead` others in front of it.
struct run_queued {
  run_id run;
  hold_reason why{};
  uint64_t ahead = 0;
  friend bool operator==(const run_queued&, const run_queued&) = default;
};

/// The run has the session from now on.
struct run_started {
  run_ref run;
  std::string provider;
  timestamp deadline;
  friend bool operator==(const run_started&, const run_started&) = default;
};

/// Its prompt is in the conversation.
struct run_confirmed {
  run_ref run;
  friend bool operator==(const run_confirmed&, const run_confirmed&) = default;
};

/// The answer has grown, or the conversation got its address or title.
struct run_progressed {
  run_ref run;
  uint64_t length = 0;
  friend bool operator==(const run_progressed&, const run_progressed&)
    = default;
};

/// Its tab is lost; it goes on, as a new leg, when there is another.
struct run_adrift {
  run_ref run;
  loss_cause cause{};
  friend bool operator==(const run_adrift&, const run_adrift&) = default;
};

/// It has a tab again.
struct run_resumed {
  run_ref run;
  friend bool operator==(const run_resumed&, const run_resumed&) = default;
};

/// It was told to give way; it will be queued again.
struct run_yielding {
  run_id run;
  friend bool operator==(const run_yielding&, const run_yielding&) = default;
};

/// Its result is certain, and never changes.
struct run_settled {
  run_id run;
  session_state result{};
  errc why{};
  friend bool operator==(const run_settled&, const run_settled&) = default;
};

/// It was told to stop, and has not been seen to end in time.
struct run_overdue {
  run_id run;
  friend bool operator==(const run_overdue&, const run_overdue&) = default;
};

/// It was seen to end: the session is free.
struct run_ended {
  run_id run;
  friend bool operator==(const run_ended&, const run_ended&) = default;
};

struct provider_switched {
  std::string provider;
  friend bool operator==(const provider_switched&, const provider_switched&)
    = default;
};

/// Its tabs are in this browser from now on.
struct session_moved {
  browser_name where;
  friend bool operator==(const session_moved&, const session_moved&) = default;
};

/// The session takes no more requests.
struct session_ended {
  bool expired = false; ///< Nobody used it for too long.
  friend bool operator==(const session_ended&, const session_ended&) = default;
};

using session_event
  = std::variant<run_queued, run_started, run_confirmed, run_progressed,
                 run_adrift, run_resumed, run_yielding, run_settled,
                 run_overdue, run_ended, provider_switched, session_moved,
                 session_ended>;

// -- acts ---------------------------------------------------------------------

/// Get a tab at `url` (empty: the provider's start page) and send the prompt.
struct begin_run {
  run_ref run;
  std::string provider;
  std::string url;
  prompt what;
  timestamp lease_until; ///< What the tab's lease must last for.
  browser_name home{};   ///< Where the tab must be. Empty: anywhere.
  friend bool operator==(const begin_run&, const begin_run&) = default;
};

/// Stop whatever the page works on for it, and report when that has ended.
struct halt_run {
  run_ref run;
  friend bool operator==(const halt_run&, const halt_run&) = default;
};

/// Make a new tab at `url`, and report that it is back. Whoever hears this may
/// never have heard of the run: the daemon may have been started anew.
struct recover_tab_of {
  run_ref run;
  std::string provider;
  std::string url;
  prompt what; ///< Was sent, or may have been. Never to be sent again.
  timestamp lease_until;
  /// Its words may be there from before: only who counted the turns before
  /// they were sent can tell whether they are there once more.
  bool repeats = false;
  browser_name home{};
  friend bool operator==(const recover_tab_of&, const recover_tab_of&)
    = default;
};

/// Look whether the prompt's turn is in the conversation. Never send it.
struct confirm_prompt {
  run_ref run;
  friend bool operator==(const confirm_prompt&, const confirm_prompt&)
    = default;
};

/// Go on to look for the answer.
struct follow_run {
  run_ref run;
  friend bool operator==(const follow_run&, const follow_run&) = default;
};

/// Wait in line for a tab for it, and say so when its turn has come.
struct join_line {
  run_ref run;
  friend bool operator==(const join_line&, const join_line&) = default;
};

/// Nobody here needs that tab any more.
struct leave_line {
  friend bool operator==(const leave_line&, const leave_line&) = default;
};

/// Close its tab, and report that it is gone.
struct discard_tab {
  run_ref run;
  friend bool operator==(const discard_tab&, const discard_tab&) = default;
};

/// Give the tab away: the session is over.
struct leave_tab {
  friend bool operator==(const leave_tab&, const leave_tab&) = default;
};

/// Answer a call that waits. `why` is `ok` if it got what it waited for, or
/// if its own time is over: then the state tells how far the run is.
struct answer_waiter {
  waiter_id waiter;
  client_id client;
  run_id run;
  session_state state{};
  failure why;
  friend bool operator==(const answer_waiter&, const answer_waiter&) = default;
};

using session_act
  = std::variant<begin_run, halt_run, recover_tab_of, confirm_prompt,
                 follow_run, join_line, leave_line, discard_tab, leave_tab,
                 answer_waiter>;

/// A refusal changes nothing: its events and acts are empty.
struct session_decision {
  failure why; ///< `ok` if it was not refused.
  run_id run;  ///< The run that the request meant, or made.
  std::vector<session_event> events;
  std::vector<session_act> acts;

  friend bool operator==(const session_decision&, const session_decision&)
    = default;
};

} // namespace berth::protocol

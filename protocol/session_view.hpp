// What clients ask for beside the runs of a session, and what they are shown of
// sessions. All of it crosses wires: instants are told as durations.

#pragma once

#include "protocol/session_machine.hpp"

#include <string>
#include <vector>

namespace berth::protocol {

/// Begins a conversation. Answered with its `session_view`.
struct open_session {
  principal by; ///< Of the door.
  std::string provider;
  browser_name browser{}; ///< Its home; empty: where its first tab is.
};

struct show_session {
  session_id session;
};

/// All that are open. Answered with a `session_list`.
struct list_sessions {};

/// From now on the client hears what happens in this session. Answered with
/// how it is now.
struct watch_session {
  session_id session;
};

/// How far a run is.
struct run_view {
  session_id session;
  run_id run;
  session_state state{}; ///< Its result, once that is certain.
  bool ending = false;   ///< And it was not seen to end yet.
  hold_reason hold{};    ///< queued: why it has not started.
  uint64_t ahead = 0;    ///< queued: how many are served before it.
  duration due_in{};     ///< queued: it does not start sooner.
  bool background = false;
  std::string provider; ///< Empty before its start, as the next four.
  std::string url;
  std::string title;
  duration elapsed{};  ///< Since its start; of one that is over, in all.
  duration left{};     ///< Until its deadline.
  uint64_t length = 0; ///< Characters of the answer so far.
  std::string answer;  ///< Only when it is complete.
  failure why;         ///< Of a result that is not `complete`.

  friend bool operator==(const run_view&, const run_view&) = default;
};

struct session_view {
  session_id session;
  std::string provider; ///< Of its next run.
  session_state state{};
  std::string url;            ///< Of the conversation with this provider.
  run_id owner;               ///< The run under way. Zero: none is.
  uint64_t queued = 0;        ///< Runs that wait.
  uint64_t waiting = 0;       ///< Calls that wait for a run.
  duration unused{};          ///< Since somebody asked for something.
  std::vector<run_view> runs; ///< The oldest first, without their answers.
  browser_name browser;       ///< Its home; empty: it had no tab yet.

  friend bool operator==(const session_view&, const session_view&) = default;
};

struct session_list {
  std::vector<session_view> sessions;
};

/// How one of its runs is now.
run_view look_at(const session_machine& from, const run& which, timestamp now);

session_view look_at(const session_machine& from, timestamp now);

} // namespace berth::protocol

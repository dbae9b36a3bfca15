// Sessions: one conversation each, and the runs that follow one another in it.
//
// Clients send requests; the page side, which drives the session's tab, sends
// reports. `session_machine` answers both with a decision (session_event.hpp).
// A run is one prompt and its answer, from the moment it is accepted. Requests
// cross wires; the session that they name is found before it is asked, and need
// not be named where there is only one.

#pragma once

#include "protocol/enums.hpp"
#include "protocol/failure.hpp"
#include "protocol/principal.hpp"
#include "protocol/types.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace berth::protocol {

using waiter_id = id<struct waiter_tag>; ///< A call that has no answer yet.

/// Whose the leases of a session's page side are: each page side that it has
/// ever had is another holder. No client has such an id.
client_id holder_of(session_id x, uint64_t page);

/// The session whose leases they are; zero if the id is a client's.
session_id session_of(client_id holder);

/// The epoch of a run, shown with every report. A run begins a new leg when it
/// is started and when its tab is lost: what an older leg has still to say is
/// refused.
struct run_ref {
  run_id run;
  uint64_t leg = 0;

  friend auto operator<=>(const run_ref&, const run_ref&) = default;
};

/// How far a run is, and with it its session.
enum class session_state : uint8_t {
  fresh,       ///< A session that had no run yet.
  queued,      ///< A run that waits for its start.
  sending,     ///< Its prompt is on the way.
  confirming,  ///< The tab died meanwhile: is the prompt in the conversation?
  polling,     ///< The prompt is there, the answer is coming.
  stopping,    ///< Told to stop; not yet seen to end.
  complete,    ///< The whole answer is there. Never reverts.
  timed_out,   ///< No whole answer by the deadline.
  failed,      ///< See the run's failure.
  interrupted, ///< Stopped or superseded.
  closed,      ///< A session that takes no more requests.
};

template <>
constexpr session_state last_of() {
  return session_state::closed;
}

/// Why a queued run has not started.
enum class hold_reason : uint8_t {
  none,
  busy,        ///< Another run has the session.
  superseding, ///< The run that it takes the place of was told to stop.
  not_ended,   ///< And did not end in time.
  not_due,     ///< Its time has not come.
  preempted,   ///< It gave way to an interactive run.
  capacity,    ///< There was no tab for it.
};

template <>
constexpr hold_reason last_of() {
  return hold_reason::capacity;
}

/// How long a call waits for a run.
enum class wait_until : uint8_t {
  accepted, ///< Answered at once.
  sent,     ///< Until the prompt's turn is in the conversation.
  done,     ///< Until its result is known.
};

template <>
constexpr wait_until last_of() {
  return wait_until::done;
}

const char* to_string(session_state x);
const char* to_string(hold_reason x);

/// Whether a run in this state is over.
bool is_final(session_state x);

/// What is sent to the provider.
struct prompt {
  std::string text;
  std::vector<std::string> files; ///< Paths of the daemon.
  std::string model;              ///< Empty: as the page has it.
  std::string effort;             ///< Empty: the provider's default.

  friend bool operator==(const prompt&, const prompt&) = default;
};

/// One prompt and its answer. Nothing of it is shared with another run.
struct run {
  run_id id;
  uint64_t leg = 0;
  prompt what;
  bool background = false;
  bool replaces = false; ///< Starts before all others that wait.
  timestamp due;         ///< Never starts before.
  std::optional<timestamp> queued_until; ///< None: as long as it takes.
  duration timeout{};                    ///< Zero: by provider and effort.
  session_state state = session_state::queued;
  hold_reason hold{};
  bool yields = false; ///< It was told to stop, and is to be queued again.
  bool again = false;  ///< It was, after its prompt was sent.
  /// Its result, from the moment it is certain; the run may have to be seen to
  /// end after that.
  std::optional<session_state> result;
  failure why;          ///< Of a result that is not `complete`.
  std::string provider; ///< Fixed at its start.
  std::string url;      ///< The conversation's address, once known.
  std::string title;
  uint64_t length = 0; ///< Characters of the answer so far.
  std::string answer;
  timestamp started;
  timestamp deadline;
  timestamp settled; ///< When its result was certain.
  size_t tabs_lost = 0;

  friend bool operator==(const run&, const run&) = default;
};

// -- requests -----------------------------------------------------------------

/// Sends a prompt; with `until` done it is a query.
struct send_prompt {
  principal by;     ///< Of the door, where a rule asks who it is.
  waiter_id waiter; ///< Of the daemon. Zero: nobody waits.
  wait_until until{};
  prompt what;
  bool background = false; ///< Yields to interactive runs.
  bool interrupt = false;  ///< Supersedes the run under way.
  duration delay{};        ///< Starts no sooner; implies background.
  duration timeout{};      ///< Zero: by provider and effort.
  /// How long it may be queued. Zero: refused if it cannot start now; as long
  /// as it takes for background runs and interrupts.
  duration wait{};
  session_id session{};
};

/// Asks for a run, and may wait for its result.
struct poll_run {
  principal by;
  waiter_id waiter;
  run_id run;      ///< Zero: the one under way, else the last one.
  duration wait{}; ///< Zero: answered at once.
  session_id session{};
};

/// Stops a run wherever it is: queued, sending, polling. Never waits.
struct stop_run {
  run_id run; ///< Zero: the one under way.
  session_id session{};
};

/// Later runs go to another provider. The run under way keeps its own.
struct switch_provider {
  std::string provider;
  session_id session{};
};

/// Shows the session's run, and brings its tab back after a restart.
struct reattach_session {
  session_id session{};
};

/// Ends the session and all of its runs.
struct close_session {
  session_id session{};
};

// -- reports ------------------------------------------------------------------

/// The prompt's turn is in the conversation.
struct prompt_seen {};

/// It was looked for, and is not there.
struct prompt_missing {};

/// The page is being worked on; nothing new.
struct run_alive {};

/// The answer has grown.
struct answer_seen {
  uint64_t length = 0;
};

/// The conversation has an address, or a title.
struct page_named {
  std::string url;
  std::string title;
};

/// The whole answer: the run is over.
struct answer_done {
  std::string text;
};

/// The run cannot go on: it is over.
struct page_failed {
  failure why;
};

/// The page works on nothing any more: the run is over.
struct page_ended {};

/// There was no tab for the run: nothing was begun.
struct tab_refused {
  failure why;
};

/// The tab is gone. What came from it is of an old leg from now on.
struct tab_gone {
  loss_cause cause{};
};

/// A new tab is there, at the conversation's address.
struct tab_back {};

/// It has a tab in this browser: from now on the session's home.
struct tab_placed {
  browser_name where;
};

/// What the page side saw, and of which leg of which run it speaks.
struct page_report {
  run_ref from;
  std::variant<prompt_seen, prompt_missing, run_alive, answer_seen, page_named,
               answer_done, page_failed, page_ended, tab_refused, tab_gone,
               tab_back, tab_placed>
    what;
};

} // namespace berth::protocol

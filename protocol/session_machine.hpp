#pragma once

#include "protocol/session_event.hpp"
#include "protocol/session_queue.hpp"
#include "protocol/session_waiters.hpp"
#include "protocol/timeouts.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth::protocol {

/// All that is worth keeping of a session when the daemon ends.
struct session_row {
  session_id id;
  std::string provider;                         ///< For the next run.
  std::map<std::string, std::string> addresses; ///< Conversations by provider.
  std::map<run_id, run> runs;
  run_id owner;             ///< The one under way.
  std::vector<run_id> over; ///< In the order in which they ended.
  uint64_t runs_made = 0;
  timestamp used; ///< Somebody last asked for something, or a run ended.
  bool closed = false;
  browser_name browser{}; ///< Its home: where its tabs are. Empty: none yet.

  friend bool operator==(const session_row&, const session_row&) = default;
};

/// The rules of one conversation: which run has it, who waits, what must be
/// done in the page next. A run that has a result keeps the session until it
/// was seen to end, or until its tab was discarded and the lease of that tab
/// is over, so that nothing of it can write any more.
///
/// Invariants: at most one run owns the session, and it is the only one whose
/// reports are heard; a result never changes; a run with a result never starts;
/// interactive runs start before background ones; while no run owns the session
/// and a tab is to be had, none waits that is due; each waiter is answered
/// once.
class session_machine {
public:
  struct limits {
    session_queue::limits queue;
    timeouts times;
    size_t waiters_max = 64;
    size_t runs_kept_max = 8;            ///< That are over.
    size_t tabs_lost_max = 3;            ///< By one run.
    size_t prompt_max = size_t{1} << 20; ///< Bytes, with the files' paths.
    duration stop_within = std::chrono::seconds{10};
    duration wait_max = std::chrono::hours{2};
    duration delay_max = std::chrono::hours{168};
    duration idle_max = std::chrono::hours{24}; ///< Then the session ends.
    duration retry_after_min = std::chrono::seconds{1};
    /// The page side says before that what became of its place in the line.
    duration line_within = std::chrono::minutes{40};
    duration run_guess = std::chrono::seconds{60}; ///< How long a run takes.
  };

  /// A new session, or one that outlived the daemon. A run that was under way
  /// then has no tab until `reattach`.
  session_machine(session_row kept, limits most, timestamp now);

  // -- requests of clients

  session_decision send(const send_prompt& request, timestamp now);
  session_decision poll(const poll_run& request, timestamp now);

  /// The run is stopped if it is in a final state now; else it is stopping.
  session_decision stop(const stop_run& request, timestamp now);

  session_decision switch_to(const switch_provider& request, timestamp now);
  session_decision reattach(const reattach_session& request, timestamp now);
  session_decision close(const close_session& request, timestamp now);

  /// The client is gone: its calls end, its runs do not.
  session_decision drop(client_id client, timestamp now);

  /// To be told first if the daemon, or its crew, began anew: the run that was
  /// under way goes on, in its tab if that is still there.
  session_decision resume(timestamp now);

  // -- reports of the page side

  /// Refuses (`run_stale`) what does not come from the present leg of the run
  /// that owns the session, and (`invalid_argument`) what cannot be true now.
  session_decision report(const page_report& what, timestamp now);

  // -- time

  /// The page side has the tab that it waited for in line, or lost its place:
  /// then it may join again after this time.
  session_decision line_left(duration retry_after, timestamp now);

  session_decision expire(timestamp now);

  /// When `expire` has something to do next.
  std::optional<timestamp> next_deadline() const;

  // -- looking

  session_state state() const;

  /// How far a run is, as its client sees it.
  session_state state_of(const run& x) const;

  /// Null if it is forgotten, or never was.
  const run* find(run_id which) const;

  const session_row& row() const {
    return row_;
  }

  size_t waiting() const {
    return waiters_.size();
  }

  /// How many are served before a queued run.
  uint64_t ahead_of(const run& x) const {
    return queue_.ahead_of(x);
  }

  size_t queued() const {
    return queue_.size(false) + queue_.size(true);
  }

private:
  /// What is known of the owner beside its row.
  struct tenure {
    bool away = false;       ///< It has no tab.
    bool adrift = false;     ///< And nobody was told to make one.
    bool halted = false;     ///< It was told to stop.
    bool discarding = false; ///< Its tab was told to close.
    timestamp heard;
    std::optional<timestamp> stop_by; ///< Until it is overdue.
    timestamp gone_by;                ///< Until its tab is taken for closed.
  };

  // What becomes of runs; each tells it to `out`.
  run& accept(const send_prompt& request, bool at_once, timestamp now);
  void make_way(const run& newcomer, timestamp now, session_decision& out);
  void serve(timestamp now, session_decision& out);
  void start(run& x, timestamp now, session_decision& out);
  void settle(run& x, session_state how, failure why, timestamp now,
              session_decision& out);
  void halt(timestamp now, session_decision& out);
  void forget_line(session_decision& out);
  void hold(run& x, hold_reason why, session_decision& out);
  void free_session(session_decision& out);
  void end(timestamp now, session_decision& out);
  void end_session(bool expired, timestamp now, session_decision& out);
  void bury(run_id which);
  void lose_tab(loss_cause cause, timestamp now, session_decision& out);
  void give_up(loss_cause cause, timestamp now, session_decision& out);
  void discard(timestamp now, session_decision& out);
  void defer(const tab_refused& seen, timestamp now, session_decision& out);

  // Whether the report can be true now.
  bool hear(const prompt_seen& x, timestamp now, session_decision& out);
  bool hear(const prompt_missing& x, timestamp now, session_decision& out);
  bool hear(const run_alive& x, timestamp now, session_decision& out);
  bool hear(const answer_seen& seen, timestamp now, session_decision& out);
  bool hear(const page_named& seen, timestamp now, session_decision& out);
  bool hear(const answer_done& seen, timestamp now, session_decision& out);
  bool hear(const page_failed& seen, timestamp now, session_decision& out);
  bool hear(const page_ended& x, timestamp now, session_decision& out);
  bool hear(const tab_refused& seen, timestamp now, session_decision& out);
  bool hear(const tab_gone& seen, timestamp now, session_decision& out);
  bool hear(const tab_back& x, timestamp now, session_decision& out);
  bool hear(const tab_placed& seen, timestamp now, session_decision& out);

  void expire_queued(timestamp now, session_decision& out);
  void expire_owner(timestamp now, session_decision& out);
  std::optional<timestamp> owner_deadline() const;

  failure refusal(const send_prompt& request, timestamp now) const;
  failure busy(errc code) const;
  bool may_start(timestamp now) const;
  bool starts_at_once(const send_prompt& request, timestamp now) const;
  bool gives_way(const run& x) const;
  bool is_idle() const;
  void answer(const std::vector<session_waiters::waiter>& whom,
              const failure& why, session_decision& out) const;
  run& owner();
  const run& owner() const;
  run_ref owner_ref() const;

  limits most_;
  session_row row_;
  session_queue queue_;
  session_waiters waiters_;
  tenure tenure_;           ///< Of `row_.owner`, if there is one.
  timestamp blocked_until_; ///< There was no tab; until then none is tried.
  bool in_line_ = false;    ///< The page side waits for one.
  failure blocked_by_;
};

} // namespace berth::protocol

// What must hold of conversations, each a named function. They look from
// outside: at the journal, at what the site took, and at what was told.

#pragma once

#include "scenarios/faults.hpp"
#include "scenarios/promise.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace berth::scenarios {

class talk_law {
public:
  using complainer = std::function<void(promise, const std::string&)>;

  /// What is due at an instant, or so long after the machine's last sleep.
  using patience = std::function<timestamp(timestamp, duration)>;

  talk_law(const scene& where, const config& how, complainer complain,
           patience not_before);

  void read(const tests::logged_event& x);
  void check();

  /// A crew fell, or a new one took over: sessions live on.
  void begin_epoch(timestamp at);

  // -- what agents did and were told ------------------------------------------

  /// A prompt is about to be sent, or sent once more.
  void asks(const send_prompt& x);
  void accepted(const run_view& x, const std::string& text);
  void told(const run_view& x);
  void told(const session_view& x);

  /// Somebody was told that there is no such session.
  void missed(session_id which);

  // -- looking ----------------------------------------------------------------

  /// One of those that are open; none if none is.
  std::optional<session_id> draw_open(tests::world& world) const;

  /// How many runs are accepted and not over.
  size_t under_way() const;

  size_t conversations() const {
    return conversations_;
  }

  size_t turns() const {
    return taken_;
  }

  void nothing_is_left();

private:
  using run_key = std::pair<session_id, run_id>;

  /// A prompt that agents have sent.
  struct prompt_row {
    send_prompt how;
    timestamp asked;
    size_t times = 0;          ///< How often it was sent to the daemon.
    std::vector<run_key> runs; ///< That it became, as agents were told.
    size_t taken = 0;
  };

  struct run_row {
    std::string hold;   ///< queued: why.
    timestamp accepted; ///< When the journal first told of it.
    bool queued = false;
    bool over = false;   ///< It has a result.
    bool yields = false; ///< It gives way, and will be queued again.
    timestamp deadline;  ///< Once it was started.
  };

  struct talk {
    run_id owner;
    std::map<run_id, run_row> runs; ///< That have not ended.
    timestamp moved;                ///< When its journal last said something.
    timestamp blocked;              ///< When there was last no tab.
  };

  // -- over the journal -------------------------------------------------------

  void read(const tests::logged_event& x, talk& here);
  void one_run_has_a_session(const talk& here, const event& x);
  void a_run_that_is_over_never_starts(const event& x);
  void no_run_starts_before_it_is_due(const tests::logged_event& x);
  void runs_start_in_their_order(const talk& here, const event& x);
  void no_run_ends_with_its_client(const event& x);
  void a_result_never_changes(const event& x);
  void queues_stay_within_their_limits(const talk& here, const event& x);

  // -- over what the site took ------------------------------------------------

  void a_prompt_is_sent_once(const tests::taken_prompt& x);
  void a_prompt_waits_for_the_last_answer(const tests::taken_prompt& x);

  // -- over what agents are told ----------------------------------------------

  void a_complete_answer_is_whole(const run_view& x, const std::string& prompt);
  void what_was_told_stays_true(const run_view& x);

  // -- over all of it ---------------------------------------------------------

  void a_run_ends_by_its_deadline(session_id which, const talk& x);
  void whoever_waits_is_served(session_id which, const talk& x);
  void no_session_is_lost();

  bool is_late(timestamp due) const;
  const prompt_row* prompt_of(session_id where, run_id which) const;

  scene where_;
  config how_;
  complainer complain_;
  patience not_before_;
  std::map<session_id, talk> talks_; ///< Those that are open.
  std::map<std::string, prompt_row> prompts_;
  std::map<run_key, size_t> yields_;       ///< How often they gave way.
  std::map<run_key, std::string> texts_;   ///< Of runs, if known.
  std::map<run_key, std::string> results_; ///< Of runs that have one.
  std::map<run_key, run_view> told_;       ///< How runs ended, as was told.
  std::map<session_id, timestamp> missed_; ///< And since when.
  timestamp begun_;                        ///< When the present crew did.
  size_t taken_ = 0;                       ///< By the site, as seen here.
  size_t conversations_ = 0;
};

} // namespace berth::scenarios

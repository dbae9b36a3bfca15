// A client of the naive model: a process that acts for itself, over the shared
// files and a Chrome that everybody may command. It looks, then acts on what it
// saw; between the two is a message to itself, before which others may act. Its
// disk may be slow, but never refuses: what is lost is lost by its own hand.

#pragma once

#include "protocol/config.hpp"
#include "protocol/outcome.hpp"

#include "scenarios/naive_port.hpp"
#include "scenarios/naive_store.hpp"
#include "tests/support/fake_journal.hpp"
#include "tests/support/fake_site.hpp"

#include <nlohmann/json.hpp>

namespace berth::scenarios {

struct naive_start {
  actors::hello who;
  client_id id;
  config how;
  naive_port_actor chrome;
  tests::fake_site* site = nullptr; ///< As a tab would show it.
  std::shared_ptr<naive_store> disk;
  std::shared_ptr<tests::journal_log> journal; ///< As an observer sees it.
};

using naive_client_shell
  = actors::client_actor::extend<caf::reacts_to<next_step>>;

struct naive_client_state {
  static constexpr const char* name = "naive_client";

  using pointer = naive_client_shell::stateful_pointer<naive_client_state>;
  using json = nlohmann::json;

  /// How whoever asked is told, once.
  template <class T>
  using told = std::function<void(outcome<T>)>;

  explicit naive_client_state(pointer x) : self{x} {
    // nop
  }

  // -- naive_acts.cpp: what agents ask, and the steps of it -------------------

  void take_tab(const acquire& x, const told<grant>& then);
  void find_tab(const naive_row& row, const told<grant>& then);
  void bind(naive_row row, const told<grant>& then);
  void
  drive(const addressee& to, const port_call& what, const told<answer>& then);
  void recover(const addressee& to, const told<answer>& then);
  void make_anew(naive_row row, const told<answer>& then);
  void release(lease_id which, const told<void>& then);
  void clean_up();
  duration beat();
  status list() const;

  // -- naive_talks.cpp: what agents ask of conversations ----------------------

  using told_run = told<run_view>;

  outcome<session_view> open_talk(const open_session& x);
  outcome<session_view> show_talk(session_id which);
  outcome<session_view> switch_talk(const switch_provider& x);
  outcome<session_view> close_talk(session_id which);
  session_list list_talks() const;
  void send(const send_prompt& x, const told_run& then);
  void take_over(naive_talk talk, const send_prompt& x, const told_run& then);
  void poll(const poll_run& x, const told_run& then);
  void stop(const stop_run& x, const told_run& then);
  void
  follow(session_id which, run_id run, timestamp until, const told_run& then);
  naive_talk look(naive_talk talk) const;
  run_view see(const naive_talk& x) const;
  outcome<naive_talk> find_talk(session_id which) const;
  void note(event_kind what, const naive_talk& talk, duration left = {});
  void note_end(const naive_talk& talk);

  // -- naive_client.cpp -------------------------------------------------------

  /// Others may act before this does.
  void later(std::function<void()> step);

  /// Reads all rows, changes them, and writes all of them back: what others
  /// wrote meanwhile is lost.
  void rewrite(const std::function<void(naive_rows&)>& change,
               const std::function<void()>& then);

  void ask_chrome(port_call what, const told<json>& then);
  std::optional<naive_row> find(lease_id which) const;
  void note(event_kind what, const naive_row& row, const char* detail = "");
  void note_end(const naive_row& row, end_reason why);

  pointer self;
  naive_start with;
};

naive_client_shell::behavior_type
naive_client(naive_client_state::pointer self, const naive_start& with);

} // namespace berth::scenarios

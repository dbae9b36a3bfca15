// What must hold at every instant of every run, each a named function. They
// look only from outside: at what the journal holds, what Chrome was sent, and
// what agents did and were told.

#pragma once

#include "scenarios/faults.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace berth::scenarios {

/// What is known of an agent's connection.
struct connection {
  duration grace{};
  bool lives = false;
  std::optional<timestamp> ended; ///< When it last died, or said goodbye.

  /// Until when its leases may end because of that.
  timestamp reaped_by() const;
};

class invariants {
public:
  invariants(const scene& where, const config& how);

  /// Looks at all that happened since the last time.
  void check();

  /// The first thing that was wrong; empty if nothing was.
  const std::string& complaint() const {
    return complaint_;
  }

  void complain(const std::string& what);

  // -- what agents did and were told ------------------------------------------

  void joined(client_id who, duration grace);
  void left(client_id who);
  void alive(lease_id which, timestamp until); ///< As its holder was told.

  /// Everything is given back: no lease, no slot, no ticket, no tab.
  void nothing_is_left();

private:
  struct lease_row {
    lease_ref ref;
    client_id client;
    timestamp granted;
    std::optional<timestamp> ended;
    timestamp alive_until;
  };

  void tell(const tests::sent_frame& x);

  // -- over the journal -------------------------------------------------------

  void read(const tests::journal_entry& x);
  std::string name_of(lease_id which) const;
  void tokens_only_grow(const event& x);
  void a_row_comes_before_its_tab(const tests::journal_entry& x);
  void a_tab_has_one_holder(const event& x);
  void slots_stay_within_their_caps(const event& x);
  void a_ticket_ends_once(const event& x);
  void no_living_holder_is_reaped(const tests::journal_entry& x);

  // -- over what Chrome was sent ----------------------------------------------

  void a_command_shows_the_token_in_force(const tests::sent_frame& x);
  void a_command_comes_before_the_end(const tests::sent_frame& x);

  // -- over all of it ---------------------------------------------------------

  void there_are_no_more_tabs_than_slots();
  void the_dead_are_reaped_in_time();

  scene where_;
  config how_;
  std::string complaint_;
  size_t read_ = 0; ///< Of the journal.

  fencing_token last_token_;
  std::map<lease_id, lease_row> rows_;
  std::set<lease_id> open_; ///< Those of them that have not ended.
  std::map<std::string, lease_id> holders_; ///< By target.
  std::map<slot_id, std::string> slots_;    ///< Their keys.
  std::map<std::string, size_t> of_key_;
  std::set<ticket_id> tickets_;
  std::map<client_id, connection> connections_;
  std::set<target_id> asked_to_close_;
};

} // namespace berth::scenarios

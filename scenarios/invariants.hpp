// What must hold at every instant of every run, each a named function. They
// look only from outside: at what the journal holds, what Chrome was sent, and
// what agents did and were told.

#pragma once

#include "scenarios/faults.hpp"
#include "scenarios/lease_history.hpp"
#include "scenarios/promise.hpp"
#include "scenarios/talk_law.hpp"
#include "tests/support/site_pages.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace berth::scenarios {

/// What is known of an agent's connection.
struct connection {
  duration grace{};
  duration ttl{};
  duration wait{}; ///< The longest that it asked to wait for.
  bool lives = false;
  timestamp joined;               ///< When it last said hello.
  std::optional<timestamp> ended; ///< When it last died, or said goodbye.

  /// Until when its leases may end because of that.
  timestamp reaped_by() const;
};

/// A crew has closed by then what the one before left that nobody owns.
inline constexpr duration settle_within = std::chrono::seconds{30};

class invariants {
public:
  invariants(const scene& where, const config& how);

  /// Looks at all that happened since the last time.
  void check();

  /// The first thing that was wrong; empty if nothing was.
  const std::string& complaint() const {
    return complaint_;
  }

  /// Every promise that was broken, with what was wrong first.
  const std::map<promise, std::string>& broken() const {
    return broken_;
  }

  void complain(promise which, const std::string& what);

  /// What is known of conversations.
  talk_law& talks() {
    return talks_;
  }

  const talk_law& talks() const {
    return talks_;
  }

  // -- what agents did and were told ------------------------------------------

  void joined(client_id who, duration grace, duration ttl);
  void left(client_id who, bool for_good = false); ///< Then without a grace.
  void waits(client_id who, duration most);
  void alive(lease_ref which, timestamp until); ///< As its holder was told.
  void heard(lease_ref which, timestamp until); ///< Its holder is busy.
  void recovery_asked();
  void answered(lease_ref which, const answer& x, lease_history::call when);
  void granted(const grant& x, lease_history::call when);
  void released(lease_ref which, lease_history::call when);

  /// Its holder, who has not released it, was told of all leases.
  void listed(lease_ref which, const status& all);

  /// What is due at `x`, or `after` the end of the last sleep of the machine.
  timestamp not_before(timestamp x, duration after) const;

  /// The same of what a client may do that comes back to a new crew.
  timestamp not_before_return(timestamp x, duration grace) const;

  /// Of those that `who` gave for its tab and that are not answered.
  void commands_stay_within_their_limit(const std::string& who, size_t count);

  void a_calm_is_quiet(double messages_per_agent_minute);
  void an_empty_house_is_silent(size_t messages);

  /// Everything is given back: no lease, no slot, no ticket, no tab.
  void nothing_is_left();

private:
  struct taken_slot {
    std::string key; ///< And where.
    std::string browser;
  };

  struct parked_tab {
    std::string key;
    std::string browser;
  };

  struct lease_row {
    client_id client;
    slot_id slot;
    taken_slot there;
    std::optional<timestamp> bound; ///< First.
    std::optional<timestamp> ended;
    timestamp alive_until; ///< It must not expire before.
    timestamp heard_until; ///< It must expire a ttl after that.
  };

  void tell(const tests::sent_frame& x);
  bool is_loss_of_session(const event& x) const;
  timestamp in_use() const;

  struct ticket_row {
    client_id client;
    timestamp issued;
  };

  // -- over the journal -------------------------------------------------------

  void read(const tests::logged_event& x);
  void begin_epoch(uint64_t epoch, timestamp at);
  void tokens_only_grow(const event& x);
  void a_row_comes_before_its_tab(const tests::logged_event& x);
  void a_tab_has_one_holder(const event& x);
  void a_parked_tab_is_handed_to_one(const event& x);
  void slots_stay_within_their_caps(const event& x);
  void a_ticket_ends_once(const tests::logged_event& x);
  void the_queue_stays_within_its_limits(client_id newcomer);
  void no_living_holder_is_reaped(const tests::logged_event& x);
  void a_death_is_its_own_browsers(const tests::logged_event& x);

  // -- over what agents are told ----------------------------------------------

  void a_generation_is_one_tab(lease_ref which, const answer& x);
  void leases_are_linearizable(lease_ref which, const target_id& tab,
                               lease_history::call when);

  /// Whose a command in this target was, that was sent then.
  std::optional<lease_ref>
  holder_at(const target_id& target, timestamp at) const;

  // -- over what Chrome was sent ----------------------------------------------

  void a_command_shows_the_token_in_force(const tests::sent_frame& x);
  void a_command_comes_before_the_end(const tests::sent_frame& x);
  void a_conversation_has_a_durable_lease(const tests::sent_frame& x);

  // -- over all of it ---------------------------------------------------------

  void there_are_no_more_tabs_than_slots();
  void no_tab_is_left(const std::string& browser,
                      const std::vector<tests::page_view>& pages);
  size_t slots_in(const std::string& browser) const;
  size_t parked_in(const std::string& browser) const;
  void no_tab_is_handed_over_soiled();
  void no_more_tabs_are_made_than_asked_for();
  void a_tab_may_die_unseen();
  void no_lease_vanishes();
  void the_dead_are_reaped_in_time();
  void every_waiter_is_done_by_its_deadline();
  void silence_ends_a_lease();
  void popups_stay_within_their_limit();

  scene where_;
  config how_;
  std::string complaint_;
  std::map<promise, std::string> broken_;
  size_t read_ = 0; ///< Of the journal.

  uint64_t epoch_ = 0; ///< Of the crew that serves.
  timestamp begun_;    ///< When it began; else when the one before fell.
  fencing_token last_token_;
  std::map<lease_ref, lease_row> rows_;
  std::set<lease_ref> open_; ///< Those of them that have not ended.
  std::map<std::string, lease_ref> holders_;             ///< By target.
  std::map<std::string, std::vector<lease_ref>> before_; ///< In order.
  std::map<std::string, parked_tab> parked_;             ///< By target.
  std::map<slot_id, taken_slot> slots_;
  std::map<std::string, size_t> of_key_;
  std::map<ticket_id, ticket_row> tickets_; ///< Of those who wait.
  std::map<client_id, connection> connections_;
  std::set<target_id> asked_to_close_;
  std::set<target_id> made_; ///< Every tab that was ever seen.
  size_t reasons_ = 0;       ///< Slots that were granted, tabs asked back.
  timestamp made_well_;      ///< When there was last a reason for each.
  std::map<lease_ref, timestamp> unlisted_; ///< Since when.
  std::map<std::pair<lease_ref, uint64_t>, target_id> generations_;
  lease_history history_;
  talk_law talks_;
};

} // namespace berth::scenarios

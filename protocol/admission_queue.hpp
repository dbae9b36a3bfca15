#pragma once

#include "protocol/admission.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth::protocol {

/// The rules of admission. Slots are granted under three caps: per key, for
/// all keys together, and for tabs of every origin (slots plus popups plus
/// whatever else the browser holds open). Free slots go round the keys that
/// have waiters, and within a key round its clients, one ticket each per turn,
/// so that a greedy client waits as long as a modest one.
///
/// Invariants: slots of a key never exceed its cap, slots never exceed the
/// global cap, slots plus extra tabs never exceed the tab cap by a grant; a
/// newcomer never overtakes a waiter of its key that could be served; a key at
/// its cap never blocks another; nobody waits for a key that has room; every
/// ticket ends exactly once, by a grant or by `ticket_ended`.
class admission_queue {
public:
  struct limits {
    size_t per_key = 5;
    std::map<work_key, size_t> of_key; ///< Overrides `per_key`.
    size_t global = 14;
    size_t tabs = 20;
    size_t waiters_max = 256;           ///< All keys together.
    size_t waiters_per_client_max = 32; ///< Of one client.
    duration wait_max = std::chrono::minutes{30};
    duration retry_after_min = std::chrono::seconds{1};
    /// How long a slot is taken, until experience says otherwise.
    duration turn_guess = std::chrono::seconds{30};
  };

  admission_queue() = default;
  explicit admission_queue(limits most);

  /// A slot of an earlier epoch is still taken, whatever the caps are now. To
  /// be told before all else.
  void keep(slot_id which, const work_key& key, timestamp now);

  /// A slot at once, a ticket if `wait` allows, else `capacity {active, cap,
  /// retry_after}` with the numbers of the cap that was met, or `queue_full`.
  /// A wait over `wait_max` is cut to it.
  admission_decision ask(const ask_slot& request, timestamp now);

  /// `ticket_unknown` unless it is this client's and still waits.
  admission_decision cancel(client_id client, ticket_id which, timestamp now);

  /// The client is gone: its tickets end. Its slots stay until returned.
  admission_decision drop(client_id client, timestamp now);

  /// The slot's tab is gone (or was never made); serves who waits. A slot that
  /// was returned before changes nothing.
  admission_decision give_back(slot_id which, timestamp now);

  /// How many tabs there are beyond the slots' own; serves who waits if fewer.
  admission_decision note_extra_tabs(size_t count, timestamp now);

  /// Ends every ticket whose deadline has come.
  admission_decision expire(timestamp now);

  /// The last numbers that were given for slots and tickets: several queues
  /// that share them hand them on from one to the next.
  struct numbers {
    uint64_t slot = 0;
    uint64_t ticket = 0;
  };

  /// Other caps from now on. Nobody loses a slot by that.
  void limit(limits most) {
    most_ = std::move(most);
  }

  numbers given() const {
    return {last_slot_, last_ticket_};
  }

  void number_after(numbers x) {
    last_slot_ = x.slot;
    last_ticket_ = x.ticket;
  }

  /// Takes a ticket out of the line, to be taken in by another queue. None if
  /// it does not wait here.
  std::optional<ticket> take_out(ticket_id which);

  /// A ticket that waited elsewhere is served, or waits on, whatever the limits
  /// of the line: it was let in before.
  admission_decision take_in(const ticket& whom, timestamp now);

  /// Whether a slot of this key could be had now.
  bool has_room(const work_key& key) const;

  /// Whether somebody waits whom a slot of this key would serve.
  bool is_wanted(const work_key& key) const;

  /// When `expire` has something to do next.
  std::optional<timestamp> next_deadline() const;

  /// Every waiter with its present place and estimate, in order of issue.
  std::vector<ticket> waiting(timestamp now) const;

  /// The keys that have slots or waiters, or a cap of their own.
  std::vector<work_key> keys() const;

  /// Tickets of all keys, or of one.
  size_t waiters() const;
  size_t waiters(const work_key& key) const;

  size_t active() const;
  size_t active(const work_key& key) const;
  size_t cap(const work_key& key) const;

  const limits& most() const {
    return most_;
  }

private:
  struct taken_slot {
    work_key key;
    timestamp since;
  };

  struct waiter {
    ticket_id id;
    client_id client;
    timestamp deadline;
  };

  /// What waits for one key: its clients in the order of their turns, and each
  /// client's tickets in the order of asking.
  struct waiting_line {
    std::deque<client_id> turns;
    std::map<client_id, std::deque<waiter>> waiters;
    size_t size = 0;
  };

  failure refuse_now(const work_key& key) const;
  failure refuse_waiting(const ask_slot& request) const;
  ticket join_line(const work_key& key, const waiter& whom);
  void serve(timestamp now, admission_decision& out);
  void serve_one(const work_key& key, timestamp now, admission_decision& out);
  slot_id take(const work_key& key, timestamp now);
  ticket look(const work_key& key, const waiter& whom) const;
  uint64_t ahead_of(const waiting_line& here, const waiter& whom) const;
  template <class Predicate>
  void drop_waiters(Predicate over, errc why, admission_decision& out);
  size_t waiting_of(client_id client) const;
  duration turn() const;

  limits most_;
  uint64_t last_slot_ = 0;
  uint64_t last_ticket_ = 0;
  size_t extra_tabs_ = 0;
  duration turn_average_{}; ///< Of how long slots were taken; zero: unknown.
  std::map<slot_id, taken_slot> slots_;
  std::map<work_key, size_t> active_;
  std::map<work_key, waiting_line> lines_;
  std::deque<work_key> key_turns_; ///< Keys with waiters, next one first.
};

} // namespace berth::protocol

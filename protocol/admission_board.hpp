#pragma once

#include "protocol/admission_queue.hpp"
#include "protocol/browser.hpp"

#include <map>
#include <set>

namespace berth::protocol {

/// Admission to several browsers: which one a request goes to, and then the
/// queue of that one, with caps of its own. The same key stays together while
/// there is room, in a browser that its name alone decides: logins and parked
/// tabs are in a profile, the next daemon decides likewise, and a browser that
/// is lost moves no key but its own. A key that is at its cap there goes to
/// whichever has most room.
///
/// Invariants: those of each queue; nobody waits for a browser that takes no
/// leases; whoever named none waits only while none has room; whoever named one
/// is served there, or told why not in that one's own words.
class admission_board {
public:
  using limits = admission_queue::limits;

  /// One joins, or is otherwise than it was. Serves who waits.
  admission_decision
  stand(const browser_standing& now_so, const limits& most, timestamp now);

  /// It is gone. Its slots count until they come back.
  admission_decision remove(const browser_name& which, timestamp now);

  bool knows(const browser_name& which) const;

  /// A slot of an earlier epoch is still taken. To be told before all else.
  void keep(const browser_name& where, slot_id which, const work_key& key,
            timestamp now);

  /// As a queue does; or `browser_unknown`, or the browser's own words. Without
  /// a name those words come only if no browser takes leases.
  admission_decision ask(const ask_slot& request, timestamp now);

  admission_decision cancel(client_id client, ticket_id which, timestamp now);
  admission_decision drop(client_id client, timestamp now);
  admission_decision give_back(slot_id which, timestamp now);
  admission_decision
  note_extra_tabs(const browser_name& where, size_t count, timestamp now);
  admission_decision expire(timestamp now);

  /// Whether somebody waits whom a slot of this key there would serve.
  bool is_wanted(const browser_name& where, const work_key& key) const;

  std::optional<timestamp> next_deadline() const;

  /// Every waiter with its present place and estimate, in order of issue.
  std::vector<ticket> waiting(timestamp now) const;

  const admission_queue* find(const browser_name& which) const;

  /// In the order of their names.
  std::vector<browser_name> names() const;

private:
  struct place {
    browser_standing standing; ///< As it was told.
    timestamp told;
    admission_queue queue;
    bool removed = false;

    bool open() const {
      return !removed && takes_leases(standing);
    }

    /// In its own words.
    failure why_not(timestamp now) const;
  };

  template <class Act>
  admission_decision at(const browser_name& where, Act act);

  admission_decision redistribute(admission_decision so_far, timestamp now);
  void move_on(const ticket& whom, timestamp now, admission_decision& out);
  void move_up(timestamp now, admission_decision& out);
  std::optional<browser_name> choose(const work_key& key, bool room_only) const;
  void learn(const admission_decision& what);
  void forget_empty();
  failure none_takes_leases(timestamp now) const;

  std::map<browser_name, place> places_;
  std::set<ticket_id> named_; ///< Tickets of those who named a browser.
  admission_queue::numbers given_;
};

} // namespace berth::protocol

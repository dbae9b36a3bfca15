#pragma once

#include "protocol/target.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace berth::protocol {

/// Which lease owns which target of one browser. Pages are decided once, when
/// they are first seen or as soon as their owner can be known; a page that
/// might be the result of a create under way stays undecided until then.
///
/// How the owner is known, strongest first: the create's answer; a browser
/// context that belongs to a lease; the opener page; a hint that names the
/// same address in the same context; else nobody. Frames and workers belong to
/// the owner of their parent page, or of their context if they have none.
/// Other types are never owned, and no event tells of them.
///
/// Invariants: a target has at most one owner, and keeps it for life unless it
/// is parked; an event tells of each page exactly once whose it is; no page
/// stays undecided when no create is under way in its context.
class target_table {
public:
  struct limits {
    size_t popups_max = 8;     ///< Of one lease, beside its own tab.
    size_t targets_max = 4096; ///< Seen at once; more are not remembered.
    size_t hints_max = 64;
    duration hint_ttl = std::chrono::seconds{3};
  };

  target_table() = default;
  explicit target_table(limits most);

  /// A create for this lease is on its way to Chrome, in this context (empty:
  /// the default one). At most one per lease.
  void expect(lease_id lease, const context_id& context);

  /// Chrome answered the create: this target is the lease's own tab.
  target_events created(lease_id lease, const target_id& target, timestamp now);

  /// Chrome refused the create, or never answered.
  target_events not_created(lease_id lease, timestamp now);

  /// This context belongs to the lease alone.
  void own_context(const context_id& context, lease_id lease);

  /// Attached, discovered or changed: may tell whose it is, or nothing yet. One
  /// that becomes a page is decided then, and stays a page.
  target_events see(const target_seen& what, timestamp now);

  /// Counts for one page without an opener: still undecided, or seen within
  /// `hint_ttl`. Tells nothing by itself, as the answer of a create is
  /// stronger.
  target_events hint(const opener_hint& what, timestamp now);

  target_events gone(const target_id& target);

  /// The lease's own tab is nobody's from now on, until it is handed over.
  void park(const target_id& target);

  /// It is this lease's own tab from now on. False: it is gone, or somebody's.
  bool hand_over(const target_id& target, lease_id lease);

  /// The lease is over: nobody owns its context, what is left of its targets,
  /// and what a create under way may still make. Returns those targets, to be
  /// closed.
  std::vector<target_id> forget(lease_id lease);

  /// The browser is gone, and every target with it.
  target_events clear();

  lease_id owner(const target_id& target) const;
  const target_seen* find(const target_id& target) const;

  /// The pages (no frames, no workers) of a lease, its own tab first.
  std::vector<target_id> pages(lease_id lease) const;

  /// Pages that are nobody's, for the reaper and for finding an anchor. Not
  /// the refused popups, which are about to close.
  std::vector<target_id> unowned_pages() const;

  /// How many popups all leases have together.
  size_t popups() const;

private:
  /// A page, and whose it is; undecided while a create is under way that might
  /// turn out to have made it.
  struct record {
    target_seen what;
    timestamp since; ///< First seen as what it is.
    lease_id owner;
    bool was_owned = false; ///< Even if it is nobody's by now.
    lease_id refused;       ///< Whose popup it would have been.
    bool decided = false;
    bool popup = false;
  };

  struct hint_entry {
    opener_hint what;
    timestamp since;
  };

  struct create {
    context_id context;
    bool forgotten = false; ///< Its lease is over.
  };

  record* note(const target_seen& what, timestamp now);
  bool creates_under_way(const context_id& context) const;
  lease_id owner_of_context(const context_id& context) const;
  lease_id find_owner(const record& page);
  bool fits(const hint_entry& x, const record& page) const;
  lease_id use_hint(const record& page);
  void reconsider(record& page, target_events& out);
  void own(record& page, lease_id lease, target_events& out);
  void decide(record& page, target_events& out);
  void decide_waiting(target_events& out);
  size_t popups_of(lease_id lease) const;

  limits most_;
  std::map<target_id, record> targets_;
  std::map<lease_id, create> creating_;   ///< Creates under way.
  std::map<target_id, lease_id> created_; ///< Answered, not seen as a page yet.
  std::map<context_id, lease_id> contexts_;
  std::deque<hint_entry> hints_;
};

} // namespace berth::protocol

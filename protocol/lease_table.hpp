#pragma once

#include "protocol/lease.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>

namespace berth::protocol {

/// The rules of leasing, and nothing else: a request and the time go in, a
/// decision comes out. It never blocks, throws, logs, or reads a clock, so the
/// same calls always give the same decisions.
///
/// Invariants: tokens only grow; no two leases are bound to one target; a slot
/// carries at most one lease; a client-held lease's client is known, or it is
/// expected; a row in state `closing` has ended and never comes back; time in
/// which nobody could be heard ends no lease.
class lease_table {
public:
  struct limits {
    duration ttl_default = std::chrono::seconds{60};
    duration ttl_max = std::chrono::hours{2};
    duration grace_max = std::chrono::seconds{60};
    /// After the daemon, or its crew, began anew, or was held up.
    duration return_within = std::chrono::seconds{30};
    /// Who looks at the leases later than agreed, and so late that they were
    /// not looked at for this long, was held up: the process was stopped, or
    /// the machine. Zero: never.
    duration stall_min{};
  };

  lease_table() = default;

  /// @param epoch Must be greater than in any earlier run of the daemon.
  lease_table(uint64_t epoch, limits most);

  /// From now on this client may be granted leases. A client that comes back
  /// within its leases' grace has them again, with the same tokens.
  lease_decision join(client_id client, timestamp now);

  /// A bound lease of an earlier epoch lives on, with its token: nobody else
  /// ever had it. To be told before all else, and then `begin`.
  void keep(lease row, timestamp now);

  /// Leases can be used again: from now on a session-held one that was kept has
  /// its ttl, and a client-held one ends after `return_within` without its
  /// client. Before that no time runs, however long Chrome takes to start.
  void begin(timestamp now);

  /// The client's connection ended: its client-held leases end now, or after
  /// their grace.
  lease_decision drop(client_id client, timestamp now);

  /// The client said goodbye and does not come back: its client-held leases
  /// end now, whatever their grace.
  lease_decision leave(client_id client, timestamp now);

  /// Refuses a client that is not here any more (`client_gone`), a ttl
  /// over its limit (`ttl_too_long`), or a grace (`grace_too_long`).
  lease_decision grant(const grant_lease& request, timestamp now);

  /// `lease_gone` if it ended while its tab was being made: close the tab.
  /// `stale_token` too if the lease had a tab of this generation before;
  /// `internal` if the target is another lease's, which keeps it.
  lease_decision bind(const bind_lease& request, timestamp now);

  lease_decision renew(const renew_lease& request, timestamp now);

  /// The holder was heard from at `heard`, perhaps a while ago: its deadline is
  /// at least `ttl` from then. Never moves a deadline back, nor one of a lease
  /// in its grace.
  lease_decision touch(lease_ref which, timestamp heard);

  lease_decision release(lease_ref which, timestamp now);
  lease_decision end(lease_id which, end_reason why, timestamp now);

  /// Ends every lease whose deadline has come. While its tab is made a lease
  /// has none, unless its client is gone.
  lease_decision expire(timestamp now);

  /// The tab of an ended lease is gone: forgets the row and returns its slot.
  std::optional<slot_id> closed(lease_id which);

  /// When `expire` has something to do next, or to see that it is not late.
  std::optional<timestamp> next_deadline() const;

  /// `ok`, `stale_token`, `lease_gone` or `lease_opening`.
  errc check(lease_ref which, timestamp now) const;

  /// The row, also while it is closing. Null if there is none.
  const lease* find(lease_id which) const;

  const std::map<lease_id, lease>& rows() const {
    return rows_;
  }

  bool knows(client_id client) const {
    return clients_.contains(client);
  }

private:
  duration missed(timestamp now) const;
  void notice(timestamp now);
  std::optional<timestamp> first_deadline() const;
  errc check_row(lease_ref which, timestamp now) const;
  bool runs_out(const lease& row) const;
  bool is_due(const lease& row, timestamp now) const;
  bool is_driven_by_another(const target_id& target, lease_id than) const;
  void finish(lease& row, end_reason why, lease_decision& out);

  limits most_;
  uint64_t last_id_ = 0;
  fencing_token last_token_;
  std::map<lease_id, lease> rows_; // Ordered, so that a run repeats exactly.
  std::set<client_id> clients_;
  std::set<lease_id> orphans_; ///< In their grace.
  bool begun_ = true;
  timestamp seen_;          ///< When somebody looked last.
  timestamp lenient_until_; ///< Who was cut off may come back.
};

} // namespace berth::protocol

// How events become state: the same fold for the rows that are written, and
// for whoever wants to know what they must be.

#pragma once

#include "protocol/journal.hpp"

#include <set>
#include <utility>

namespace berth::protocol {

/// Which rows are other than they were, or gone.
struct journal_changes {
  std::set<lease_id> leases;
  std::set<session_id> sessions;
  std::set<std::pair<session_id, run_id>> runs;
  std::set<client_id> clients;
  std::set<std::string> browsers;
};

/// Makes the state what it is after the entry: first what the events tell, then
/// the rows, which know better. Of a session, `runs_kept_max` runs that are
/// over are kept, as its own rules do.
void tell(journal_state& state, const journal_entry& what, size_t runs_kept_max,
          journal_changes& changes);

/// Whether an event changes no lease, session or run, or only where a tab was
/// last seen: when the disk fails it may be left out.
bool is_news(event_kind kind);

/// Whether a lease outlives the crew that granted it. One without a tab does
/// not: its holder was not answered. One of a session does if a run needs it.
bool lives_on(const lease& x, const journal_state& left);

/// What is over when a crew has ended: leases that do not live on, connections
/// of clients and to browsers. Sessions live on, with their runs.
journal_entry obituary(const journal_state& left, timestamp now);

/// A clock that was set back makes of what has happened what is still to come:
/// nothing that is kept happened later than now.
void fit(journal_state& left, timestamp now);

/// The tabs of leases that do not live on.
std::vector<stray_tab> left_astray(const journal_state& left);

/// The first event of the audit to keep, of those from `first` to `last`. So
/// that no commit pays for all history, each drops at most twice as many as it
/// `added`.
uint64_t
first_kept(uint64_t first, uint64_t last, uint64_t added, uint64_t audit_max);

} // namespace berth::protocol

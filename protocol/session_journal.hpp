#pragma once

#include "protocol/journal.hpp"

namespace berth::protocol {

/// What happened in a session, as the journal keeps it.
event describe(session_id where, const session_event& x, timestamp now);

/// The rows that a decision made other than they were, as they are `now`: the
/// session's and those of the runs that its events tell of. A run that has only
/// made progress needs none: its event says it.
journal_rows rows_of(const session_row& now, const session_decision& what);

} // namespace berth::protocol

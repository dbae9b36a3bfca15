// What the journal is measured beside.

#pragma once

#include "apps/bench.hpp"

namespace berth::apps {

/// One row, one commit, one after the other, as plain as SQLite can be used.
protocol::outcome<rate>
time_plain_commits(const std::string& dir, bool full, protocol::duration time);

/// So many processes that share leases in a JSON file under a strict lock:
/// each takes the lock, reads the file, checks the cap, writes the file anew
/// and puts it in place, once to take a lease and once to give it back. To be
/// called while this process has no other threads.
protocol::outcome<rate>
time_json_store(const std::string& dir, size_t processes, bool full,
                protocol::duration time);

/// How long the next daemon takes to open a journal and to begin its epoch,
/// after so many sessions were opened, used once and closed. Microseconds.
protocol::outcome<double>
time_start(const std::string& dir, size_t past_sessions);

} // namespace berth::apps

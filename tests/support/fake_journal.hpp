// The recorder on a disk that may be slow, or refuse. Keeps what it was told,
// for the checks: they must not depend on what a watcher hears, and when.

#pragma once

#include "tests/support/world.hpp"

#include <memory>
#include <vector>

namespace berth::tests {

/// One event, and when it was written down.
struct journal_entry {
  timestamp at;
  event what;
};

struct journal_log {
  std::vector<journal_entry> entries; ///< Durable, in order.
  duration slowness{};                ///< How long a write takes.
  size_t refusals = 0;                ///< How many of the next writes fail.
};

/// A recorder that passes on to `real` what its disk has taken. Only what
/// somebody waits for can fail: the rest has nobody to be told.
actors::recorder_actor spawn_journal(world& where, actors::recorder_actor real,
                                     std::shared_ptr<journal_log> log);

} // namespace berth::tests

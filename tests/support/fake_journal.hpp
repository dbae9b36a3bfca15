// The recorder on a disk that may be slow, or refuse. Keeps what it was told,
// for the checks: they must not depend on what a watcher hears, and when.

#pragma once

#include "protocol/journal_state.hpp"

#include "tests/support/world.hpp"

#include <memory>
#include <vector>

namespace berth::tests {

/// One event, when it was written down, and under which epoch.
struct logged_event {
  timestamp at;
  event what;
  uint64_t epoch = 0;
};

struct journal_log {
  /// Begins the next epoch over what the last crew left, as the real one does.
  succession begin_epoch(timestamp now, size_t runs_kept_max);

  uint64_t epoch = 0;                ///< Of the crew that writes, or wrote.
  bool open = false;                 ///< While that crew lives.
  std::vector<logged_event> entries; ///< Durable, in order.
  duration slowness{};               ///< How long a write takes.
  size_t refusals = 0;               ///< How many of the next writes fail.
  size_t runs_kept_max = 8;
  protocol::journal_state state; ///< What is true by all that is durable.
};

/// The recorder of a new crew. It passes on to `real` what its disk has
/// taken, and ends with it. Only what somebody waits for can fail: the rest has
/// nobody to be told.
actors::recorder_actor spawn_journal(world& where, actors::recorder_actor real,
                                     std::shared_ptr<journal_log> log);

} // namespace berth::tests

#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace berth::protocol {

/// How often something may be started again before its supervisor gives up,
/// and how long to wait before each try: the first restart is immediate, each
/// further one within the window waits twice as long.
///
/// Invariants: at most `restarts_max` restarts lie within any `window`; once
/// exhausted it stays so until the oldest restart leaves the window.
class restart_budget {
public:
  struct limits {
    size_t restarts_max = 5;
    duration window = std::chrono::minutes{1};
    duration backoff_min = std::chrono::milliseconds{200};
    duration backoff_max = std::chrono::seconds{10};
  };

  restart_budget() = default;
  explicit restart_budget(limits most);

  /// It died. Returns how long to wait before the restart that is now counted,
  /// or none if the budget is spent: give up and say so.
  std::optional<duration> spend(timestamp now);

  /// How many restarts lie within the window.
  size_t spent(timestamp now) const;

private:
  limits most_;
  std::deque<timestamp> restarts_;
};

} // namespace berth::protocol

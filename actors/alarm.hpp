#pragma once

#include "actors/interfaces.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace berth::actors {

/// One wake-up for the earliest deadline. Rules tell when something is due;
/// a wake-up that comes too early finds nothing due and does no harm.
class alarm {
public:
  /// Arranges for `wake` at `due`, unless one comes before that anyway.
  template <class Self>
  void arm(Self* self, std::optional<timestamp> due) {
    if (!due || (!armed_.empty() && *armed_.begin() <= *due))
      return;
    armed_.insert(*due);
    auto wait = std::max(*due - self->clock().now(), duration{0});
    self->delayed_send(self, wait, wake_atom_v);
  }

  /// To be called first when `wake` arrives.
  void rang(timestamp now) {
    armed_.erase(armed_.begin(), armed_.upper_bound(now));
  }

private:
  std::set<timestamp> armed_; ///< All that are on their way.
};

/// The earlier of two instants that may not be.
inline std::optional<timestamp>
earlier(std::optional<timestamp> x, std::optional<timestamp> y) {
  if (!x || !y)
    return x ? x : y;
  return std::min(*x, *y);
}

} // namespace berth::actors

#include "protocol/restart_budget.hpp"

#include <algorithm>

namespace berth::protocol {

restart_budget::restart_budget(limits most) : most_{most} {
  // nop
}

std::optional<duration> restart_budget::spend(timestamp now) {
  while (!restarts_.empty() && restarts_.front() + most_.window <= now)
    restarts_.pop_front();
  if (restarts_.size() >= most_.restarts_max)
    return std::nullopt;
  duration wait{0};
  for (size_t i = 0; i < restarts_.size() && wait < most_.backoff_max; ++i)
    wait = i == 0 ? most_.backoff_min : 2 * wait;
  restarts_.push_back(now);
  return std::min(wait, most_.backoff_max);
}

size_t restart_budget::spent(timestamp now) const {
  return static_cast<size_t>(std::ranges::count_if(restarts_, [&](timestamp x) {
    return x + most_.window > now;
  }));
}

} // namespace berth::protocol

#include "protocol/closing_tabs.hpp"

#include <algorithm>

namespace berth::protocol {

void closing_tabs::begin(const target_id& target, timestamp now) {
  asked_[target] = {now + how_.within, now + how_.again};
}

closing_tabs::due closing_tabs::look(timestamp now) {
  due result;
  for (auto& [target, x] : asked_) {
    if (x.deadline <= now)
      result.orphaned.push_back(target);
    else if (x.again <= now) {
      result.ask.push_back(target);
      x.again = now + how_.again;
    }
  }
  for (const auto& target : result.orphaned) {
    asked_.erase(target);
    orphans_.insert(target);
  }
  return result;
}

std::optional<timestamp> closing_tabs::next_deadline() const {
  std::optional<timestamp> result;
  for (const auto& [target, x] : asked_) {
    auto at = std::min(x.deadline, x.again);
    if (!result || at < *result)
      result = at;
  }
  return result;
}

bool closing_tabs::gone(const target_id& target) {
  asked_.erase(target);
  return orphans_.erase(target) > 0;
}

std::vector<target_id> closing_tabs::idle_orphans() const {
  std::vector<target_id> result;
  std::ranges::copy_if(orphans_, std::back_inserter(result),
                       [this](const auto& target) {
                         return !is_closing(target);
                       });
  return result;
}

} // namespace berth::protocol

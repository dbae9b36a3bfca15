#include "scenarios/lease_history.hpp"

#include <algorithm>

namespace berth::scenarios {

std::string
lease_history::held(lease_ref whose, const target_id& tab, call when) {
  auto end = over_.find(whose);
  if (end != over_.end() && end->second < when.asked)
    return to_string(whose) + " is of use after it was said to be over";
  auto& all = tabs_[tab];
  auto& mine
    = all.try_emplace(whose, tenure{when.told, when.asked}).first->second;
  mine.first_told = std::min(mine.first_told, when.told);
  mine.last_asked = std::max(mine.last_asked, when.asked);
  for (auto& [other, x] : all) {
    if (other == whose)
      continue;
    bool after = other.token < whose.token;
    auto& earlier = after ? x : mine;
    auto& later = after ? mine : x;
    if (later.first_told < earlier.last_asked)
      return "tab " + tab.value + " was of use to "
             + to_string(after ? other : whose) + " after it was given to "
             + to_string(after ? whose : other);
  }
  return {};
}

void lease_history::over(lease_ref whose, call when) {
  auto [i, fresh] = over_.emplace(whose, when.told);
  i->second = std::min(i->second, when.told);
}

} // namespace berth::scenarios

#include "scenarios/lease_history.hpp"

#include <algorithm>

namespace berth::scenarios {

std::string
lease_history::held(lease_ref whose, const target_id& tab, call when) {
  auto end = released_.find(whose);
  if (end != released_.end() && end->second < when.asked)
    return to_string(whose) + " is of use after it was given back";
  auto& all = tabs_[tab];
  auto& mine
    = all.try_emplace(whose, tenure{when.told, when.asked}).first->second;
  mine.first_told = std::min(mine.first_told, when.told);
  mine.last_asked = std::max(mine.last_asked, when.asked);
  for (const auto& [other, x] : all)
    if (other != whose && x.first_told < mine.last_asked
        && mine.first_told < x.last_asked)
      return "tab " + tab.value + " was of use to " + to_string(other) + " and "
             + to_string(whose) + " by turns";
  return {};
}

void lease_history::released(lease_ref whose, call when) {
  auto [i, fresh] = released_.emplace(whose, when.told);
  i->second = std::min(i->second, when.told);
}

} // namespace berth::scenarios

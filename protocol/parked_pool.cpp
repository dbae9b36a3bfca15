#include "protocol/parked_pool.hpp"

#include <algorithm>

namespace berth::protocol {

parked_pool::parked_pool(limits most) : most_{most} {
  // nop
}

/// Of those that fit.
template <class Fits>
parked_pool::entries::const_iterator parked_pool::oldest(Fits fits) const {
  auto result = tabs_.end();
  for (auto i = tabs_.begin(); i != tabs_.end(); ++i)
    if (fits(i->second)
        && (result == tabs_.end() || i->second.since < result->second.since))
      result = i;
  return result;
}

parked_pool::place parked_pool::offer(const target_id& target,
                                      const work_key& key, timestamp now) {
  auto own = size(key);
  if (most_.within == duration{0} || own >= most_.per_key || has(target))
    return {};
  place result{true, {}};
  if (size() >= most_.max) {
    work_key largest = key;
    for (const auto& [other, tab] : tabs_)
      if (size(tab.key) > size(largest))
        largest = tab.key;
    if (size(largest) <= own + 1)
      return {};
    auto longest = oldest([&](const entry& x) {
      return x.clean && x.key == largest;
    });
    if (longest == tabs_.end())
      return {};
    result.closes = tabs_.extract(longest).key();
  }
  tabs_.emplace(target, entry{key, now, false});
  return result;
}

void parked_pool::cleaned(const target_id& target, timestamp now) {
  if (auto i = tabs_.find(target); i != tabs_.end()) {
    i->second.clean = true;
    i->second.since = now;
  }
}

std::optional<target_id> parked_pool::take(const work_key& key, timestamp now) {
  auto best = tabs_.end();
  for (auto i = tabs_.begin(); i != tabs_.end(); ++i) {
    auto& x = i->second;
    bool fits = x.clean && x.key == key && now < x.since + most_.within;
    if (fits && (best == tabs_.end() || x.since > best->second.since))
      best = i;
  }
  if (best == tabs_.end())
    return std::nullopt;
  return tabs_.extract(best).key();
}

bool parked_pool::forget(const target_id& target) {
  return tabs_.erase(target) > 0;
}

std::optional<target_id> parked_pool::give_way() {
  auto i = oldest([](const entry& x) {
    return x.clean;
  });
  if (i == tabs_.end())
    return std::nullopt;
  return tabs_.extract(i).key();
}

std::vector<target_id> parked_pool::expire(timestamp now) {
  std::vector<target_id> result;
  std::erase_if(tabs_, [&](const auto& x) {
    if (!x.second.clean || now < x.second.since + most_.within)
      return false;
    result.push_back(x.first);
    return true;
  });
  return result;
}

std::optional<timestamp> parked_pool::next_deadline() const {
  auto i = oldest([](const entry& x) {
    return x.clean;
  });
  if (i == tabs_.end())
    return std::nullopt;
  return i->second.since + most_.within;
}

bool parked_pool::has(const target_id& target) const {
  return tabs_.contains(target);
}

size_t parked_pool::clean() const {
  return static_cast<size_t>(std::ranges::count_if(tabs_, [](const auto& x) {
    return x.second.clean;
  }));
}

size_t parked_pool::size() const {
  return tabs_.size();
}

size_t parked_pool::size(const work_key& key) const {
  return static_cast<size_t>(std::ranges::count_if(tabs_, [&](const auto& x) {
    return x.second.key == key;
  }));
}

} // namespace berth::protocol

#include "scenarios/naive_store.hpp"

#include <algorithm>

namespace berth::scenarios {

bool has_room(const naive_store& disk, const work_key& key,
              const admission_queue::limits& caps) {
  size_t all = 0;
  size_t same = 0;
  for (auto& [lease, row] : disk.rows)
    if (!disk.busy.contains(lease)) {
      ++all;
      same += row.key == key;
    }
  return same < caps.per_key && all < caps.global;
}

naive_rows find_stale(const naive_store& disk, timestamp now) {
  naive_rows result;
  for (auto& [lease, row] : disk.rows)
    if (auto i = disk.heartbeats.find(row.client);
        i == disk.heartbeats.end() || i->second + heartbeat_max < now)
      result.emplace(lease, row);
  return result;
}

std::optional<target_id>
find_unclaimed(const naive_rows& rows, const std::vector<target_id>& pages) {
  auto i = std::ranges::find_if(pages, [&](const target_id& page) {
    return std::ranges::none_of(rows, [&](const auto& x) {
      return x.second.target == page;
    });
  });
  return i == pages.end() ? std::nullopt : std::optional{*i};
}

} // namespace berth::scenarios

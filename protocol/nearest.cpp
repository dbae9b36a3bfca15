#include "protocol/nearest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace berth::protocol {

namespace {

/// Of what could be meant for one of ours.
constexpr size_t name_max = 64;

/// How many letters must be changed, added or left out (Levenshtein).
size_t distance(std::string_view x, std::string_view y) {
  std::vector<size_t> row(y.size() + 1);
  for (size_t j = 0; j <= y.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= x.size(); ++i) {
    auto corner = std::exchange(row[0], i);
    for (size_t j = 1; j <= y.size(); ++j) {
      auto above = row[j];
      row[j] = std::min(
        {above + 1, row[j - 1] + 1, corner + (x[i - 1] == y[j - 1] ? 0u : 1u)});
      corner = above;
    }
  }
  return row.back();
}

} // namespace

std::optional<std::string>
nearest(std::string_view name, std::span<const std::string> to) {
  std::optional<std::string> result;
  if (name.size() > name_max)
    return result; // No slip of the hand makes a name so long.
  size_t best = std::max<size_t>(name.size() / 2, 2);
  for (const auto& x : to)
    if (auto far = distance(name, x); far < best) {
      best = far;
      result = x;
    }
  return result;
}

} // namespace berth::protocol

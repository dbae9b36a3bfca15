#include "scenarios/transcript.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace berth::scenarios {

namespace {

/// Many more than are ever shown: what is told late may belong before others.
constexpr size_t lines_max = 2000;
constexpr size_t width_max = 160;

std::string seconds(protocol::timestamp at) {
  using namespace std::chrono;
  auto ms = duration_cast<milliseconds>(at.time_since_epoch()).count();
  char result[32];
  std::snprintf(result, sizeof result, "%8lld.%03llds",
                static_cast<long long>(ms / 1000),
                static_cast<long long>(ms % 1000));
  return result;
}

} // namespace

void transcript::add(protocol::timestamp at, std::string words) {
  if (words.size() > width_max)
    words = words.substr(0, width_max) + "...";
  lines_.push_back({at, std::move(words)});
  if (lines_.size() >= 2 * lines_max)
    lines_.erase(lines_.begin(), lines_.begin() + lines_max);
}

std::string transcript::last(size_t most) const {
  auto sorted = lines_;
  std::ranges::stable_sort(sorted, {}, &line::at);
  auto count = std::min(most, sorted.size());
  std::string result;
  for (auto i = sorted.size() - count; i < sorted.size(); ++i)
    result += seconds(sorted[i].at) + "  " + sorted[i].words + '\n';
  return result;
}

} // namespace berth::scenarios

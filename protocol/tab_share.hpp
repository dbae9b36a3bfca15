#pragma once

#include "protocol/types.hpp"

#include <algorithm>

namespace berth::protocol {

/// How long a conversation may keep a tab that others wait for.
struct tab_share {
  /// Between two prompts that follow each other.
  duration between = std::chrono::seconds{1};
  /// However many prompts follow each other: to go and come back costs both.
  duration turn = std::chrono::seconds{10};
};

/// From when on a tab without a run is for whoever waits for one.
///
/// @param since When the conversation got the tab.
/// @param idle When its last run ended.
inline timestamp
offered_from(timestamp since, timestamp idle, const tab_share& how) {
  return std::min(idle + how.between, std::max(idle, since + how.turn));
}

} // namespace berth::protocol

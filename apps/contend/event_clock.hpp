#pragma once

#include "protocol/types.hpp"

#include <algorithm>
#include <optional>

namespace berth::apps::contend {

/// Tells when, by the time of the daemon's events, something happened here.
/// An event is heard a little after it was; the one that was quickest is right
/// to a fraction of a millisecond.
class event_clock {
public:
  void note(protocol::timestamp heard, protocol::duration at) {
    auto began = heard - at;
    began_ = began_ ? std::min(*began_, began) : began;
  }

  /// Zero before any event was heard.
  protocol::duration at(protocol::timestamp here) const {
    return began_ ? here - *began_ : protocol::duration{0};
  }

private:
  std::optional<protocol::timestamp> began_;
};

} // namespace berth::apps::contend

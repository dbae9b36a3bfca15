#pragma once

#include "protocol/types.hpp"

#include <optional>

namespace berth::apps::contend {

/// Counts from the first event on. All processes of a machine have one clock.
class event_clock {
public:
  protocol::duration note(protocol::timestamp event) {
    began_ = began_.value_or(event);
    return event - *began_;
  }

  /// Zero before any event was heard.
  protocol::duration at(protocol::timestamp here) const {
    return began_ ? here - *began_ : protocol::duration{0};
  }

private:
  std::optional<protocol::timestamp> began_;
};

} // namespace berth::apps::contend

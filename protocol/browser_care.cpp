#include "protocol/browser_care.hpp"

namespace berth::protocol {

browser_care::browser_care(limits most) : most_{most}, budget_{most.restart} {
  // nop
}

void browser_care::came_up(timestamp now) {
  was_ready_ = true;
  on_trial_ = false;
  up_since_ = now;
  tabs_made_ = 0;
}

/// One that never came up at all will not come up by itself.
browser_care::sentence browser_care::died(timestamp now) {
  ++deaths_;
  up_since_.reset();
  bool hopeless = !was_ready_ || on_trial_;
  auto wait = hopeless ? std::nullopt : budget_.spend(now);
  if (wait)
    return {*wait, false};
  on_trial_ = true;
  return {most_.quarantine, true};
}

void browser_care::renewed() {
  up_since_.reset();
}

std::string browser_care::worn_out(timestamp now) const {
  if (!up_since_)
    return {};
  if (auto due = too_old_at(); due && *due <= now)
    return "it is " + to_string(now - *up_since_) + " old";
  if (most_.tabs_made_max > 0 && tabs_made_ >= most_.tabs_made_max)
    return "it has made " + std::to_string(tabs_made_) + " tabs";
  return {};
}

std::optional<timestamp> browser_care::too_old_at() const {
  if (!up_since_ || most_.age_max <= duration{0})
    return std::nullopt;
  return *up_since_ + most_.age_max;
}

} // namespace berth::protocol

#include "protocol/browser_care.hpp"

#include <algorithm>

namespace berth::protocol {

namespace {

/// How often one that others start is looked for.
constexpr duration look_first = std::chrono::milliseconds{200};
constexpr duration look_at_least = std::chrono::seconds{5};

} // namespace

browser_care::browser_care(limits most) : most_{most}, budget_{most.restart} {
  // nop
}

void browser_care::came_up(timestamp now) {
  was_ready_ = true;
  on_trial_ = false;
  up_since_ = now;
  tabs_made_ = 0;
  falls_ = 0;
  pause_ = {};
}

/// One that never came up at all will not come up by itself.
browser_care::sentence browser_care::died(timestamp now, bool at_start) {
  ++deaths_;
  up_since_.reset();
  auto profile = profile_step::keep;
  if (at_start && most_.own_profile) {
    ++falls_;
    if (falls_ == 1)
      return {};
    if (falls_ == 2)
      return {{}, false, profile_step::set_aside};
    if (falls_ == 3)
      profile = profile_step::put_back;
  }
  bool hopeless = !was_ready_ || on_trial_;
  auto wait = hopeless ? std::nullopt : budget_.spend(now);
  if (wait)
    return {*wait, false, profile};
  on_trial_ = true;
  return {most_.quarantine, true, profile};
}

/// Its user may have closed it, or updates it. Where none ever was the address
/// may be wrong.
browser_care::sentence browser_care::not_there(timestamp now) {
  if (!was_ready_ || on_trial_)
    return died(now);
  pause_ = std::clamp(2 * pause_, look_first, look_at_least);
  return {pause_, false, profile_step::keep};
}

void browser_care::renewed() {
  up_since_.reset();
}

std::string browser_care::worn_out(timestamp now, uint64_t memory) const {
  if (!up_since_)
    return {};
  if (auto due = too_old_at(); due && *due <= now)
    return "it is " + to_string(now - *up_since_) + " old";
  if (most_.tabs_made_max > 0 && tabs_made_ >= most_.tabs_made_max)
    return "it has made " + std::to_string(tabs_made_) + " tabs";
  // What it uses without ever having had a tab, another one would use, too.
  if (most_.memory_max > 0 && memory > most_.memory_max && tabs_made_ > 0)
    return "it uses " + std::to_string(memory >> 20) + " MiB";
  return {};
}

std::optional<timestamp> browser_care::too_old_at() const {
  if (!up_since_ || most_.age_max <= duration{0})
    return std::nullopt;
  return *up_since_ + most_.age_max;
}

} // namespace berth::protocol

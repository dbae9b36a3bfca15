#include "protocol/browser_pulse.hpp"

namespace berth::protocol {

namespace {

/// Who wants less than this part of a processor does nothing worth waiting for.
constexpr int effort_part = 20;

} // namespace

void browser_pulse::came_up(timestamp now) {
  *this = browser_pulse{most_};
  runs_ = true;
  heard_at_ = now;
}

void browser_pulse::ended() {
  *this = browser_pulse{most_};
}

bool browser_pulse::heard(timestamp now) {
  bool was_silent = is_silent();
  heard_at_ = now;
  asked_at_.reset();
  misses_ = idle_misses_ = 0;
  return was_silent;
}

browser_pulse::step
browser_pulse::look(timestamp now, bool used, std::optional<duration> effort) {
  auto due = next_deadline(used);
  if (!due || now < *due)
    return step::none;
  if (asked_at_ && now - *due <= most_.ping_within) {
    auto took = now - *asked_at_;
    bool busy = !effort || !effort_ || *effort - *effort_ >= took / effort_part;
    ++misses_;
    idle_misses_ = busy ? 0 : idle_misses_ + 1;
    if (misses_ >= most_.busy_misses_max
        || idle_misses_ >= most_.idle_misses_max)
      return step::give_up;
  }
  asked_at_ = now;
  effort_ = effort;
  return step::ask;
}

/// Whoever is silent is asked until that is over, whether or not it is used.
std::optional<timestamp> browser_pulse::next_deadline(bool used) const {
  if (!runs_ || most_.ping_every <= duration{0})
    return std::nullopt;
  if (asked_at_)
    return *asked_at_ + most_.ping_within;
  return used ? std::optional{heard_at_ + most_.ping_every} : std::nullopt;
}

bool browser_pulse::tab_crashed() {
  if (!runs_)
    return false;
  ++crashes_;
  return most_.crashes_max > 0 && crashes_ >= most_.crashes_max;
}

} // namespace berth::protocol

#include "protocol/event_rate.hpp"

#include <algorithm>
#include <utility>

namespace berth::protocol {

namespace {

constexpr std::array<event_kind, 5> noisy{
  event_kind::dialog_answered, event_kind::popup_opened,
  event_kind::popup_refused, event_kind::download_done,
  event_kind::download_failed};

} // namespace

bool is_caused_by_page(event_kind kind) {
  return std::ranges::find(noisy, kind) != noisy.end();
}

events event_rate::admit(events what, timestamp now) {
  static_assert(noisy.size() == kinds);
  events result;
  result.reserve(what.size());
  if (next_tell_ && *next_tell_ <= now)
    tell_due(now, result);
  for (auto& x : what) {
    auto kind = std::ranges::find(noisy, x.kind);
    if (kind == noisy.end()) {
      if (x.kind == event_kind::lease_ended)
        if (auto gone = leases_.extract(x.lease))
          tell(gone.mapped(), result);
      result.push_back(std::move(x));
      continue;
    }
    if (leases_.size() >= most_.leases_max && !leases_.contains(x.lease))
      forget_quiet(now, result);
    auto& whose = leases_[x.lease];
    auto& mine = whose.of_kind[static_cast<size_t>(kind - noisy.begin())];
    if (spend(mine, now)) {
      result.push_back(std::move(x));
      continue;
    }
    ++mine.over;
    whose.last = std::move(x);
    if (!whose.tell) {
      whose.tell = now + most_.tell_every;
      next_tell_ = std::min(next_tell_.value_or(*whose.tell), *whose.tell);
    }
  }
  return result;
}

bool event_rate::spend(allowance& from, timestamp now) const {
  auto whole = std::max(from.whole, now);
  if (whole - now > most_.every * static_cast<int64_t>(most_.burst - 1))
    return false;
  from.whole = whole + most_.every;
  return true;
}

void event_rate::tell(noise& whose, events& out) {
  if (!std::exchange(whose.tell, std::nullopt))
    return;
  event told;
  told.kind = event_kind::events_suppressed;
  told.lease = whose.last.lease;
  told.token = whose.last.token;
  told.client = whose.last.client;
  told.key = whose.last.key;
  told.browser = whose.last.browser;
  for (size_t i = 0; i < kinds; ++i)
    if (auto count = std::exchange(whose.of_kind[i].over, 0))
      told.detail += (told.detail.empty() ? "" : ", ") + std::to_string(count)
                     + " " + to_string(noisy[i]);
  out.push_back(std::move(told));
}

void event_rate::tell_due(timestamp now, events& out) {
  next_tell_.reset();
  for (auto& [lease, whose] : leases_) {
    if (whose.tell && *whose.tell <= now)
      tell(whose, out);
    if (whose.tell)
      next_tell_ = std::min(next_tell_.value_or(*whose.tell), *whose.tell);
  }
}

/// Those with nothing left to tell, the longest quiet ones first.
void event_rate::forget_quiet(timestamp now, events& out) {
  std::erase_if(leases_, [now](const auto& x) {
    return !x.second.tell
           && std::ranges::all_of(x.second.of_kind, [now](const allowance& y) {
                return y.whole <= now;
              });
  });
  // All of them make noise: the oldest lease starts anew.
  if (leases_.size() >= most_.leases_max) {
    tell(leases_.begin()->second, out);
    leases_.erase(leases_.begin());
  }
}

} // namespace berth::protocol

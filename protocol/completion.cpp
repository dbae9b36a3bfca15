#include "protocol/completion.hpp"

#include <algorithm>

namespace berth::protocol {

namespace {

bool is_working(const look& x) {
  return x.stop || x.thinking;
}

} // namespace

completion::completion(tier kind) : completion{kind, limits{}} {
  // nop
}

completion::completion(tier kind, limits most)
  : kind_{kind}, most_{most}, interval_{most.look_min} {
  // nop
}

look_verdict completion::see(const look& what, timestamp now) {
  bool same_text = what.length == last_.length && what.hash == last_.hash;
  bool first = looks_ == 0;
  last_ = what;
  if (first || !same_text || is_working(what)) {
    still_since_ = counted_ = now;
    looks_ = 1;
  } else if (now >= counted_ + most_.look_min) {
    counted_ = now;
    ++looks_;
  }
  done_ = done_ || is_whole(what, now);
  interval_ = first || !same_text ? most_.look_min
                                  : std::min(2 * interval_, most_.look_max);
  return {done_, now + pause(what, now)};
}

bool completion::is_whole(const look& what, timestamp now) const {
  if (what.length == 0 || is_working(what))
    return false;
  auto still = now - still_since_;
  if (what.done)
    return still >= most_.settle;
  return looks_ >= most_.looks
         && still >= most_.patience[static_cast<size_t>(kind_)];
}

/// Sooner than the interval says if the answer may be whole before.
duration completion::pause(const look& what, timestamp now) const {
  if (done_ || what.length == 0 || is_working(what))
    return interval_;
  auto still = now - still_since_;
  if (what.done)
    return most_.settle - still;
  auto left = most_.patience[static_cast<size_t>(kind_)] - still;
  return std::clamp(left, most_.look_min, interval_);
}

} // namespace berth::protocol

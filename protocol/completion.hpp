#pragma once

#include "protocol/timeouts.hpp"

#include <cstddef>

namespace berth::protocol {

/// What the page shows of the answer to the present prompt, and of it only.
struct look {
  size_t length = 0; ///< Characters of the answer. Zero: there is none.
  uint64_t hash = 0; ///< Of its text.
  bool done = false; ///< A marker that the page shows beside whole answers.
  bool stop = false; ///< The button that stops the answer.
  bool thinking = false;

  friend bool operator==(const look&, const look&) = default;
};

/// What a look told.
struct look_verdict {
  bool done = false;
  timestamp next; ///< When to look again, if no event of the page asks before.

  friend bool operator==(const look_verdict&, const look_verdict&) = default;
};

/// Whether an answer is whole. While the stop button or a thinking marker is
/// visible it never is. A visible done marker ends it as soon as the text
/// stands still. With no marker at all only patience tells: the text must not
/// change for a time that grows with the tier, over three looks. Whatever
/// changes the text, or shows that work goes on, starts the waiting again.
///
/// Invariants: an empty answer is never done; the next look is later than now,
/// by `look_max` at most; once done, it stays done.
class completion {
public:
  struct limits {
    duration look_min = std::chrono::milliseconds{500};
    duration look_max = std::chrono::seconds{4};
    /// How long a text with a done marker must stand still: longer than two
    /// pieces of a stream are apart, shorter than a person notices.
    duration settle = std::chrono::milliseconds{100};
    size_t looks = 3; ///< Without a marker; each `look_min` after another.
    /// The same, in time, in the order of `tier`.
    std::array<duration, tier_count> patience{
      std::chrono::seconds{4},  std::chrono::seconds{8},
      std::chrono::seconds{15}, std::chrono::seconds{30},
      std::chrono::seconds{30}, std::chrono::seconds{60}};
  };

  completion() = default;

  /// For one run: the next one begins with a new value.
  explicit completion(tier kind);
  completion(tier kind, limits most);

  look_verdict see(const look& what, timestamp now);

private:
  bool is_whole(const look& what, timestamp now) const;
  duration pause(const look& what, timestamp now) const;

  tier kind_ = tier::standard;
  limits most_;
  look last_;
  bool done_ = false;
  timestamp still_since_; ///< Text and quiet unchanged since then.
  timestamp counted_;     ///< The last look that counts.
  size_t looks_ = 0;      ///< That counted since `still_since_`.
  duration interval_{};
};

} // namespace berth::protocol

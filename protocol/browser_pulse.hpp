#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace berth::protocol {

/// Whether a Chrome that runs is of use, judged by what it fails to do: it
/// answers nothing, or every tab that it makes crashes before anybody has it.
///
/// It is asked only after it was silent for a while and somebody uses it. A
/// question that is not answered in time is a miss. How long it is given then
/// depends on its effort, the time that its main thread has wanted a processor:
/// one that is stopped or hangs wants none, one that is slow wants it all the
/// time.
///
/// Invariants: any word of Chrome clears all misses; a deadline that we see
/// late ourselves is no miss; one that makes an effort, or whose effort is not
/// known, is given up after `busy_misses_max` misses in a row and never before;
/// a new tab that lives clears all crashes.
class browser_pulse {
public:
  struct limits {
    duration ping_every = std::chrono::seconds{10}; ///< Of silence; 0: never.
    duration ping_within = std::chrono::seconds{5};
    size_t idle_misses_max = 2;
    size_t busy_misses_max = 12;
    size_t crashes_max = 3; ///< Of new tabs, in a row; 0: any number.
  };

  enum class step : uint8_t {
    none,
    ask,     ///< Ask it anything; whatever it says is told by `heard`.
    give_up, ///< Start another one.
  };

  browser_pulse() = default;
  explicit browser_pulse(limits most) : most_{most} {
    // nop
  }

  /// It is ready: nothing is held against it.
  void came_up(timestamp now);

  /// It has ended, or is about to.
  void ended();

  /// It said something. Returns whether it had missed a deadline.
  bool heard(timestamp now);

  /// What to do now. `effort` counts from its start; none: not known.
  step look(timestamp now, bool used, std::optional<duration> effort);

  /// When to look again.
  std::optional<timestamp> next_deadline(bool used) const;

  /// It missed a deadline, and has said nothing since.
  bool is_silent() const {
    return misses_ > 0;
  }

  /// Since when it is silent, for people.
  duration silent_for(timestamp now) const {
    return now - heard_at_;
  }

  /// A new tab crashed before anybody had it. Returns whether to give up.
  bool tab_crashed();

  /// A new tab can be used.
  void tab_lives() {
    crashes_ = 0;
  }

  size_t crashes() const {
    return crashes_;
  }

private:
  limits most_;
  bool runs_ = false;
  timestamp heard_at_;
  std::optional<timestamp> asked_at_; ///< And not answered since.
  std::optional<duration> effort_;    ///< When it was asked.
  size_t misses_ = 0;                 ///< In a row.
  size_t idle_misses_ = 0;            ///< The last ones, without any effort.
  size_t crashes_ = 0;                ///< In a row.
};

} // namespace berth::protocol

// What is tried on a journal that has just refused something: a large record
// finds no room where a small one does.

#pragma once

#include "protocol/journal.hpp"

#include <cstddef>
#include <limits>

namespace berth::protocol {

/// About as many bytes as it takes.
size_t weight_of(const journal_entry& x);

/// Invariant: for a while after a refusal nothing is tried that is as large or
/// larger.
class journal_room {
public:
  /// @param wait Until the same is tried again.
  void refused(size_t weight, timestamp now, duration wait);

  /// The same, of what must be written before whatever comes after it.
  void blocked(timestamp now, duration wait) {
    refused(0, now, wait);
  }

  bool admits(size_t weight, timestamp now) const {
    return !is_short(now) || weight < least_;
  }

  /// Nothing at all is tried before `until`.
  bool is_blocked(timestamp now) const {
    return !admits(0, now);
  }

  bool is_short(timestamp now) const {
    return now < until_;
  }

  timestamp until() const {
    return until_;
  }

private:
  timestamp until_;
  size_t least_ = std::numeric_limits<size_t>::max(); ///< That was refused.
};

} // namespace berth::protocol

#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace berth::protocol {

/// Who of those that are asked again and again does not answer any more, and is
/// to be treated as if it were dead.
///
/// Invariants: only who missed `misses_max` questions in a row is out; a word
/// clears all its misses; who was replaced starts anew.
class roll_call {
public:
  explicit roll_call(size_t misses_max = 2) : misses_max_{misses_max} {
    // nop
  }

  void answered(const std::string& who) {
    misses_.erase(who);
  }

  /// It has not answered one question in time. Returns whether it is out.
  bool missed(const std::string& who) {
    return ++misses_[who] >= misses_max_;
  }

  /// All of them are others now.
  void replaced() {
    misses_.clear();
  }

  size_t misses(const std::string& who) const {
    auto i = misses_.find(who);
    return i == misses_.end() ? 0 : i->second;
  }

private:
  size_t misses_max_;
  std::map<std::string, size_t> misses_;
};

} // namespace berth::protocol

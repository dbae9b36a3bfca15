// Checks that a text that arrives in parts is UTF-8 (RFC 3629: no overlong
// forms, no surrogates, nothing above U+10FFFF). A character may be split
// between two parts. Also included from C++17 files.

#pragma once

#include <string>
#include <string_view>

namespace berth::cdp {

/// Invariant: `split_` is the valid beginning of one character, or empty.
class utf8_stream {
public:
  /// False once the text cannot be UTF-8 any more, whatever follows.
  bool feed(std::string_view part);

  /// True if no character is left unfinished.
  bool complete() const {
    return split_.empty();
  }

  void reset() {
    split_.clear();
  }

private:
  std::string split_; ///< 3 bytes at most.
};

} // namespace berth::cdp

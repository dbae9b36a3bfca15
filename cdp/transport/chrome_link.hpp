#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace berth::cdp {

/// Moves whole texts to and from a Chrome. Knows nothing of what they say.
class chrome_link {
public:
  /// All on the loop's thread. `closed` comes exactly once, also when the
  /// connection was never made; nothing comes after it.
  struct events {
    std::function<void()> opened;
    /// So many bytes came; the text has fewer in place of one too large.
    std::function<void(std::string text, std::size_t bytes)> heard;
    /// What waited has been taken: for a link that was full.
    std::function<void()> drained;
    std::function<void(std::string why)> closed;
  };

  virtual ~chrome_link() = default;

  /// From any thread. Dropped silently once it is closed.
  virtual void send(std::string text) = 0;

  /// So much waits for Chrome that no more need be sent before it is
  /// `drained`. On the loop's thread.
  virtual bool is_full() const = 0;

  /// From any thread. `closed` follows.
  virtual void close() = 0;
};

} // namespace berth::cdp

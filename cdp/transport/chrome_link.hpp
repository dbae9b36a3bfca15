#pragma once

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
    std::function<void(std::string)> heard;
    /// So much waits for Chrome to read it that this text is not sent.
    std::function<void(std::string)> unsent;
    std::function<void(std::string why)> closed;
  };

  virtual ~chrome_link() = default;

  /// From any thread. Dropped silently once it is closed.
  virtual void send(std::string text) = 0;

  /// From any thread. `closed` follows.
  virtual void close() = 0;
};

} // namespace berth::cdp

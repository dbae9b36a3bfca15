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
    std::function<void(std::string)> heard;
    std::function<void(std::string why)> closed;
  };

  virtual ~chrome_link() = default;

  /// From any thread. Dropped silently once it is closed.
  virtual void send(std::string text) = 0;

  /// Bytes that Chrome has not taken yet. On the loop's thread.
  virtual std::size_t waiting() const = 0;

  /// From any thread. `closed` follows.
  virtual void close() = 0;
};

} // namespace berth::cdp

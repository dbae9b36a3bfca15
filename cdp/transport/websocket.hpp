#pragma once

#include "cdp/transport/io_loop.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace berth::cdp {

/// A websocket to a Chrome, on the loop's thread.
class websocket {
public:
  struct options {
    std::string url; ///< ws://host:port/path
    std::size_t message_max = 0;
    std::chrono::milliseconds connect_within{5000};
  };

  /// All on the loop's thread. `closed` comes exactly once, also when the
  /// connection was never made; nothing comes after it.
  struct events {
    std::function<void()> opened;
    std::function<void(std::string)> heard;
    std::function<void(std::string why)> closed;
  };

  static std::shared_ptr<websocket>
  connect(std::shared_ptr<io_loop> loop, options how, events to);

  virtual ~websocket() = default;

  /// From any thread. Dropped silently once it is closed.
  virtual void send(std::string text) = 0;

  /// From any thread. `closed` follows.
  virtual void close() = 0;
};

} // namespace berth::cdp

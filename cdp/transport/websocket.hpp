#pragma once

#include "cdp/transport/chrome_link.hpp"
#include "cdp/transport/io_loop.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace berth::cdp {

struct websocket_options {
  std::string url; ///< ws://host:port/path
  std::size_t message_max = 0;
  std::chrono::milliseconds connect_within{5000};
};

/// A link to a Chrome with a debugging port, on the loop's thread.
std::shared_ptr<chrome_link>
connect_websocket(std::shared_ptr<io_loop> loop, websocket_options how,
                  chrome_link::events to);

} // namespace berth::cdp

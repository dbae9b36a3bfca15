#pragma once

#include "cdp/transport/io_loop.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace berth::cdp {

/// Asks http://host:port/json/version for `webSocketDebuggerUrl`. `then` runs
/// on the loop's thread with the address, or with an empty one and the reason,
/// and no later than this.
void find_endpoint(io_loop& loop, const std::string& url,
                   std::chrono::milliseconds within,
                   std::function<void(std::string url, std::string why)> then);

} // namespace berth::cdp

#pragma once

#include "cdp/transport/io_loop.hpp"

#include <functional>
#include <string>

namespace berth::cdp {

/// Asks http://host:port/json/version for `webSocketDebuggerUrl`. `then` runs
/// on the loop's thread with the address, or with an empty one and the reason.
/// Never runs if the other side accepts and says nothing: bound it outside.
void find_endpoint(io_loop& loop, const std::string& url,
                   std::function<void(std::string url, std::string why)> then);

} // namespace berth::cdp

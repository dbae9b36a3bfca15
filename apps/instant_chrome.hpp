#pragma once

#include "cdp/chrome.hpp"
#include "cdp/transport/io_loop.hpp"

#include <memory>

namespace berth::apps {

/// Stands in for Chrome where the way to it is measured and not Chrome: makes
/// and closes targets at once, and says `{}` to everything else. Only
/// `berth bench` uses it, and says so.
std::shared_ptr<cdp::chrome> instant_chrome(std::shared_ptr<cdp::io_loop> loop);

} // namespace berth::apps

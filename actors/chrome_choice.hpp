#pragma once

#include "cdp/chrome.hpp"
#include "cdp/transport/io_loop.hpp"
#include "protocol/config.hpp"
#include "protocol/outcome.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace berth::actors {

/// How the Chromes of one browser are made: managed ones, or the attached one.
/// Fails with `browser.unavailable` if there is none to launch.
/// @param ours Whether the state directory is this daemon's still.
protocol::outcome<cdp::chrome_factory>
choose_chrome(const protocol::browser_settings& how,
              const std::string& state_dir,
              const std::shared_ptr<cdp::io_loop>& loop,
              std::function<bool()> ours);

/// Why a managed Chrome of one of these browsers cannot be launched, as far as
/// that can be seen before anything is touched: `browser.unavailable` (no such
/// program), `request.invalid` (its profile is not this user's alone).
std::optional<protocol::failure>
chrome_obstacle(const protocol::config& how, const std::string& state_dir);

/// Ends the Chromes of this state directory whose browsers are not configured
/// any more. It may take seconds.
void end_unconfigured_chromes(const protocol::config& how,
                              const std::string& state_dir);

} // namespace berth::actors

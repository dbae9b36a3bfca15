// Whether a Chrome would start like this, seen before the one that runs is
// ended for it.

#pragma once

#include "cdp/chrome.hpp"
#include "cdp/transport/io_loop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace berth::cdp {

/// Launches one with an empty profile beside the real one, and ends it as soon
/// as it answers. `then` runs once, on the loop's thread: with why it does not
/// start, or with nothing. To stop what is returned ends that earlier; null:
/// nothing was started.
std::shared_ptr<chrome>
try_launch(const std::shared_ptr<io_loop>& loop, launch_options how,
           std::function<void(std::optional<chrome_ended>)> then);

/// Whether it is the profile of one, for the browser with these pipes.
bool is_of_trial(const std::string& profile, const pipe_names& pipes);

/// What earlier ones left that were cut short, their Chromes too. It may take a
/// while.
void remove_trials(const launch_options& how);

} // namespace berth::cdp

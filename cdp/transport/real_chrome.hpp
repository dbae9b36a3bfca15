// The real Chromes: managed (launched here, ended here) and attached (it was
// there, and stays).

#pragma once

#include "cdp/chrome.hpp"
#include "cdp/transport/io_loop.hpp"

#include <memory>
#include <string>

namespace berth::cdp {

std::shared_ptr<chrome>
managed_chrome(std::shared_ptr<io_loop> loop, launch_options options);

std::shared_ptr<chrome>
attached_chrome(std::shared_ptr<io_loop> loop, attach_options options);

/// The Chrome to launch if none is configured: chromium, chromium-browser,
/// google-chrome, ... on PATH. Empty if there is none.
std::string find_chrome();

/// Where the program of this path or, on PATH, of this name is; empty if
/// nothing there can be run.
std::string find_program(const std::string& name);

} // namespace berth::cdp

#pragma once

#include "apps/contend/tally.hpp"

#include <string>

namespace berth::apps::contend {

/// What is shown while a run goes on: a line that sums up, and a line for each
/// agent that lives.
std::string
live_view(const tally& now, const run_options& asked, duration since_start);

} // namespace berth::apps::contend

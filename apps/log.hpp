// The daemon's log: on standard error, or in a file that is bounded.

#pragma once

#include "protocol/config.hpp"
#include "protocol/outcome.hpp"

namespace berth::apps {

/// From now on this process logs as it is configured. A line that cannot be
/// written is counted (`actors::log_trouble`). Begins a thread.
protocol::outcome<void> open_log(const protocol::config& how);

} // namespace berth::apps

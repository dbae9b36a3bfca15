// How long actors of one daemon wait for each other where one patience must not
// be shorter than another.

#pragma once

#include "protocol/config.hpp"

namespace berth::actors {

/// The recorder answers sooner, or ends, and the crew with it. Who gave up
/// before that could only say that it does not know what is durable. Not longer
/// than it need be: each request's timer is kept for this time.
inline constexpr protocol::duration recorder_patience = std::chrono::hours{1};

/// Within this a start has a browser that is ready, or has failed.
inline protocol::duration start_patience(const protocol::config& how) {
  return longest_of(how, &protocol::browser_settings::start_within)
         + std::chrono::seconds{15};
}

/// Within this the tabs of kept leases were looked for, or given up. A browser
/// may have to be started first; whether it can be is known sooner.
inline protocol::duration revival_patience(const protocol::config& how) {
  return 2 * how.tab.open_within + start_patience(how);
}

} // namespace berth::actors

// How long actors of one daemon wait for each other where one patience must not
// be shorter than another.

#pragma once

#include "protocol/config.hpp"

namespace berth::actors {

/// The recorder answers sooner, or ends, and the crew with it. Who gave up
/// before that could only say that it does not know what is durable.
inline constexpr protocol::duration recorder_patience = std::chrono::hours{24};

/// Within this a start has a browser that is ready, or has failed.
inline protocol::duration start_patience(const protocol::config& how) {
  return longest_of(how, &protocol::browser_settings::start_within)
         + std::chrono::seconds{15};
}

} // namespace berth::actors

#pragma once

#include "protocol/failure.hpp"

#include <cstddef>
#include <optional>

namespace berth::apps {

/// Of a connection, with the one that listens for signals.
inline constexpr std::size_t client_threads = 8;

/// Of the daemon. What Chrome needs comes on top, and is its own affair.
inline constexpr std::size_t daemon_threads = 16;

/// Why so many threads cannot be had, if they cannot; none are kept. To be
/// asked before the actor system starts: half started it cannot be ended.
std::optional<protocol::failure> lacks_threads(std::size_t count);

} // namespace berth::apps

#pragma once

#include "apps/context.hpp"

#include <cstddef>
#include <optional>

namespace berth::apps {

/// Of a connection, with the one that listens for signals.
inline constexpr std::size_t client_threads = 8;

/// Of the daemon. What Chrome needs comes on top, and is its own affair.
inline constexpr std::size_t daemon_threads = 16;

/// One thread does nearly all: the others need no 64 MiB of addresses each.
/// To be called before there is another one.
void share_memory_among_threads();

/// Says so, as `system.limit`, if so many threads cannot be had, and returns
/// the exit code; none are kept. To be asked before the actor system starts:
/// half started it can neither run nor end.
std::optional<int>
refuse_without_threads(const context& how, std::size_t count);

} // namespace berth::apps

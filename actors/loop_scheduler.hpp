// Actors and sockets on one thread. An actor that answers a message of Chrome
// then does so without a wake-up of another thread, which is most of what a
// hop costs. Also included from C++17 files; Asio stays inside.

#pragma once

#include "cdp/transport/io_loop.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <memory>

namespace berth::actors {

/// Actors of a system that is made from this configuration run on the loop's
/// thread, between its other work. They must not block; detached ones have
/// threads of their own, as always. The system must be destroyed by another
/// thread than the loop's, and waits there for the loop.
///
/// `woken` is called there before the first actor that runs after a second or
/// more in which none did: the process may have been stopped, and the world
/// has gone on.
///
/// Without this call CAF's own scheduler serves just as well, only slower.
void run_actors_on(caf::actor_system_config& config,
                   const std::shared_ptr<cdp::io_loop>& loop,
                   const std::function<void()>& woken = {});

} // namespace berth::actors

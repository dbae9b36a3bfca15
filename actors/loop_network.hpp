// CAF's network on the thread of actors and sockets. A request that comes over
// the network is then read, served and answered without a wake-up of another
// thread. Asio stays inside.

#pragma once

#include "cdp/transport/io_loop.hpp"

#include <caf/fwd.hpp>

#include <memory>

namespace berth::actors {

/// The network of a system that is made from this configuration, which has it
/// loaded already (`speak_berth`), is served by the loop's thread. The rules of
/// `run_actors_on` hold.
///
/// Without this call CAF has a thread for it, which serves just as well, only
/// slower.
void run_network_on(caf::actor_system_config& config,
                    const std::shared_ptr<cdp::io_loop>& loop);

} // namespace berth::actors

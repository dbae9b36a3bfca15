// A process on the CAF network, as far as a test needs one.

#pragma once

#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/wire.hpp"

#include <caf/io/all.hpp>

#include <fstream>
#include <memory>
#include <unistd.h>

namespace berth::test {

/// A system that speaks Berth, as the daemon and its clients do.
struct caf_node {
  caf_node() {
    auto loop = std::make_shared<cdp::io_loop>();
    actors::speak_berth(config, {});
    actors::run_actors_on(config, loop);
    actors::run_network_on(config, loop);
    system = std::make_unique<caf::actor_system>(config);
  }

  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
};

inline size_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  size_t total = 0;
  size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace berth::test

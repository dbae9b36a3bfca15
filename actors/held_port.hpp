// The daemon's port before its door opens. To have it is the first thing that a
// start does, and to answer there the last: who connects meanwhile waits.

#pragma once

#include "protocol/outcome.hpp"

#include <cstdint>
#include <string>

namespace berth::actors {

/// A socket that listens, and that nobody accepts connections of yet.
class held_port {
public:
  /// 0: any free one. Fails with `request.invalid`: what keeps it from us, and
  /// what to do.
  static protocol::outcome<held_port>
  take(const std::string& host, uint16_t port);

  held_port(held_port&& other) noexcept;
  held_port& operator=(held_port&& other) noexcept;
  ~held_port(); ///< Who waits there is sent away.

  uint16_t port() const {
    return port_;
  }

  /// The socket, which is the caller's from now on.
  int release();

private:
  held_port(int socket, uint16_t port) : socket_{socket}, port_{port} {
    // nop
  }

  int socket_ = -1;
  uint16_t port_ = 0;
};

} // namespace berth::actors

// Whose the other end of a loopback connection is.

#pragma once

#include "actors/peer_book.hpp"

#include <optional>

namespace berth::actors {

/// Asks the kernel's socket tables. None: the connection is not on loopback,
/// or its other end is closed already (its owner cannot be known then).
std::optional<peer> owner_of_peer(int connected);

/// The same from /proc/net, for kernels without sock_diag.
std::optional<peer> owner_of_peer_by_proc(int connected);

/// Who would read what is sent over a connection that this process made.
struct server {
  bool on_this_machine = false;
  std::optional<uint32_t> uid; ///< None: not on this machine, or not known.
};

/// Whoever accepted the connection or, before that, whoever listens.
server server_of(int connected);
server server_of_by_proc(int connected);

} // namespace berth::actors

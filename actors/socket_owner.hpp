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

} // namespace berth::actors

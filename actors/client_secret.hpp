// What proves that a client that comes back is the one that left.

#pragma once

#include "protocol/types.hpp"

#include <cstdint>

namespace berth::actors {

/// Random, of a client's own choice, and known to it and its daemon alone.
struct client_secret {
  uint64_t high = 0;
  uint64_t low = 0;

  friend bool operator==(const client_secret&, const client_secret&) = default;
};

template <class Inspector>
auto inspect(Inspector& f, client_secret& x) {
  return f(x.high, x.low);
}

client_secret make_secret();

/// The id under which everybody may know the client. It comes from the secret
/// one way, so that nobody needs to keep secrets to check them, and whoever
/// sees an id, in a status or in the journal, cannot come back under it.
/// Its highest bit is not set: that is for holders of sessions' leases.
protocol::client_id id_of(const client_secret& x);

} // namespace berth::actors

// What opens a lease. `lease_ref` is its name, for people, events and rules;
// a credential is that name and a proof that nobody can guess.
//
// No type here has a `to_string`: whoever writes a credential does it on
// purpose, with `write_credential`. Events, rows, views and failures hold
// names only.

#pragma once

#include "protocol/types.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth::protocol {

/// 80 bits that only the daemon's key can make. All zero: none is shown, as
/// within the daemon, where nobody asks for one.
struct lease_proof {
  std::array<uint8_t, 10> bytes{};

  friend bool operator==(const lease_proof&, const lease_proof&) = default;
};

/// Whoever shows it may drive, renew and end the lease.
struct lease_credential {
  lease_ref ref;
  lease_proof proof;

  /// A name alone: for requests within the daemon, and of no use at its door.
  lease_credential(lease_ref which = {}, lease_proof shown = {})
    : ref{which}, proof{shown} {
    // nop
  }

  friend bool operator==(const lease_credential&, const lease_credential&)
    = default;
};

/// `7:1.9:k3qz7m2ah5wv4nxe`: the name, and the proof in base32.
std::string write_credential(const lease_credential& x);

/// Reads what `write_credential` wrote. None if the text is anything else, a
/// name alone included.
std::optional<lease_credential> parse_credential(std::string_view text);

} // namespace berth::protocol

// Keys of a state directory, and what is proved with them. Both files are made
// by the daemon at its first start, and outlive it.

#pragma once

#include "actors/client_secret.hpp"
#include "protocol/credential.hpp"
#include "protocol/outcome.hpp"

#include <caf/detail/stringification_inspector.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

namespace berth::actors {

/// 32 random bytes. Whoever can read the file has all rights that it gives.
using secret_key = std::array<uint8_t, 32>;

/// What a hello shows to have an operator's rights: nothing by itself, as the
/// key never leaves the processes that can read it.
struct operator_proof {
  std::array<uint8_t, 32> bytes{}; ///< All zero: none is shown.

  friend bool operator==(const operator_proof&, const operator_proof&)
    = default;
};

template <class Inspector>
auto inspect(Inspector& f, operator_proof& x) {
  if constexpr (std::is_same_v<Inspector,
                               caf::detail::stringification_inspector>)
    return f("secret");
  else
    return f(x.bytes);
}

/// What a daemon checks proofs with.
struct daemon_keys {
  secret_key lease{};     ///< For credentials of leases.
  secret_key operator_{}; ///< For the rights of operators.
};

/// Where they are kept below a state directory.
std::string lease_key_path(const std::string& state_dir);
std::string operator_key_path(const std::string& state_dir);

/// Reads it, or makes it if it is missing (0600). Fails with
/// `request.invalid`: it cannot be read or made, is damaged, belongs to
/// somebody else, or others may read it.
protocol::outcome<secret_key> make_key(const std::string& path);

/// Fails with `client.rights`: it is missing, or cannot be trusted.
protocol::outcome<secret_key> read_key(const std::string& path);

/// Both of them: see `make_key`.
protocol::outcome<daemon_keys> make_keys(const std::string& state_dir);

// -- what is proved: HMAC-SHA256, compared in constant time -------------------
//
// They throw std::runtime_error if it cannot be made, as for want of memory:
// what nothing was proved of must not be taken for proved.

protocol::lease_credential prove(const secret_key& with, protocol::lease_ref x);
bool proves(const secret_key& with, const protocol::lease_credential& x);

/// For this client only: it is of no use with another secret.
operator_proof prove(const secret_key& with, const client_secret& x);
bool proves(const secret_key& with, const client_secret& x,
            const operator_proof& shown);

/// The answer to a credential that proves nothing. It is the same whether the
/// lease exists or not.
protocol::failure wrong_credential(protocol::lease_ref which);

} // namespace berth::actors

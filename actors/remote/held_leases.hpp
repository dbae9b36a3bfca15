// The leases that this process holds, and when each must be renewed.
//
// A lease is renewed when a third of its ttl has passed: two renewals may be
// lost before it ends. Instants are arguments; nothing here reads a clock.

#pragma once

#include "protocol/request.hpp"
#include "protocol/types.hpp"

#include <map>
#include <optional>
#include <vector>

namespace berth::client {

namespace words = berth::protocol;

/// Invariant: a lease is here from its grant until it is dropped, once.
class held_leases {
public:
  /// No lease is renewed more often than this, however short it lives.
  static constexpr words::duration interval_min = std::chrono::milliseconds{10};

  void hold(const words::grant& x, words::timestamp now);

  /// The daemon said how long the lease lives from now. Void if not held.
  void renewed(const words::lease_ref& x, words::duration lives,
               words::timestamp now);

  /// After a lost connection: which of them lived on is known by renewing.
  void renew_all(words::timestamp now);

  /// Those that are due. None of them is due again before its interval.
  std::vector<words::lease_credential> take_due(words::timestamp now);

  /// When `take_due` will return something; none if nothing is held.
  std::optional<words::timestamp> next_renewal() const;

  /// Returns false if it was not held.
  bool drop(const words::lease_ref& x);

private:
  struct rhythm {
    words::lease_proof proof; ///< Each renewal shows it.
    words::duration interval{};
    words::timestamp due;
  };

  std::map<words::lease_ref, rhythm> leases_;
};

} // namespace berth::client

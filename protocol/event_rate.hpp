#pragma once

#include "protocol/event.hpp"

#include <array>
#include <cstddef>
#include <map>
#include <optional>

namespace berth::protocol {

/// Can a page bring this about as often as it likes?
bool is_caused_by_page(event_kind kind);

/// How many events the pages of one lease may cause, so that one noisy page
/// does not push everybody's events out of the audit. Each lease has an
/// allowance for each kind: `burst` at once, and one more `every` so often.
/// What is over it is not written down but counted, and the count is told.
///
/// Invariants: what no page causes is let through, in its order; of what goes
/// in, all is let through or counted; every count is told once, when its time
/// has come and anything is recorded, or before the lease's end, or before the
/// lease is forgotten for want of room.
class event_rate {
public:
  struct limits {
    uint64_t burst = 60;
    duration every = std::chrono::seconds{2};
    duration tell_every = std::chrono::minutes{1};
    size_t leases_max = 4096; ///< Then the quietest are forgotten.
  };

  event_rate() = default;

  explicit event_rate(const limits& most) : most_{most} {
    // nop
  }

  /// What is to be written down of `what`, and of what was counted before.
  events admit(events what, timestamp now);

  size_t leases() const {
    return leases_.size();
  }

private:
  static constexpr size_t kinds = 5; ///< That a page can cause.

  struct allowance {
    timestamp whole; ///< When all of `burst` is there again.
    uint64_t over = 0;
  };

  struct noise {
    std::array<allowance, kinds> of_kind;
    event last;                    ///< Whose it is.
    std::optional<timestamp> tell; ///< When to tell what is over.
  };

  bool spend(allowance& from, timestamp now) const;
  void tell(noise& whose, events& out);
  void tell_due(timestamp now, events& out);
  void forget_quiet(timestamp now, events& out);

  limits most_;
  std::map<lease_id, noise> leases_;
  std::optional<timestamp> next_tell_; ///< Not later than any `tell`.
};

} // namespace berth::protocol

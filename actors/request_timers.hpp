// The timers of requests. CAF sets one for each request and takes none back
// when it is answered, so most of them wait for nothing: here one costs a few
// bytes until it is due, and nothing once its actor has ended.

#pragma once

#include <caf/actor_clock.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/message_id.hpp>

#include <optional>
#include <unordered_map>
#include <vector>

namespace berth::actors {

/// Invariant: an actor is kept while a timer of its waits here; of all timers
/// fewer than half, or fewer than `swept_from`, are of actors that ended.
class request_timers {
public:
  using time_point = caf::actor_clock::time_point;

  struct timer {
    time_point due;
    caf::strong_actor_ptr whom;
    caf::message_id what;
  };

  void
  add(time_point due, const caf::strong_actor_ptr& whom, caf::message_id what);

  /// The actor has ended.
  /// @returns What kept it. Whoever locks drops this after the lock is gone:
  /// an actor whose last reference it is ends its timers.
  caf::strong_actor_ptr forget(caf::actor_id whom);

  /// When the earliest is due, which may be of an actor that ended.
  std::optional<time_point> first() const;

  /// Those that are due by now, in order.
  std::vector<timer> take_due(time_point now);

  /// All are gone. @returns What kept the actors.
  std::vector<caf::strong_actor_ptr> clear();

  size_t size() const {
    return heap_.size();
  }

private:
  struct entry {
    time_point due;
    caf::actor_id whom;
    caf::message_id what;
  };

  struct waiting {
    caf::strong_actor_ptr who;
    size_t timers = 0;
  };

  static bool is_later(const entry& x, const entry& y) {
    return x.due > y.due;
  }

  void sweep();

  std::vector<entry> heap_; ///< The earliest is in front.
  std::unordered_map<caf::actor_id, waiting> waiting_;
  size_t ended_ = 0; ///< So many in the heap are of actors that ended.
};

} // namespace berth::actors

// The timers of requests. CAF sets one for each request and takes none back
// when it is answered, so most of them wait for nothing: here one costs a few
// bytes, and the clock looks now and then which of them are still waited for.

#pragma once

#include <caf/actor_clock.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/message_id.hpp>

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

namespace berth::actors {

/// Invariant: an actor is kept while a timer of its waits here.
class request_timers {
public:
  using time_point = caf::actor_clock::time_point;

  struct timer {
    time_point due;
    caf::strong_actor_ptr whom;
    caf::message_id what;
  };

  /// Whether the actor still waits for the answer.
  using waits = std::function<bool(caf::abstract_actor&, caf::message_id)>;

  void
  add(time_point due, const caf::strong_actor_ptr& whom, caf::message_id what);

  /// The actor has ended.
  /// @returns What kept it. Whoever locks drops this after the lock is gone:
  /// an actor whose last reference it is ends its timers.
  caf::strong_actor_ptr forget(caf::actor_id whom);

  /// Twice as many as the last sweep has left.
  bool is_full() const {
    return heap_.size() >= swept_at_;
  }

  /// Those that nobody waits for are gone. @returns What kept their actors.
  std::vector<caf::strong_actor_ptr> sweep(const waits& still);

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

  static constexpr size_t swept_from = 1024;

  std::vector<entry> heap_; ///< The earliest is in front.
  std::unordered_map<caf::actor_id, waiting> waiting_;
  size_t swept_at_ = swept_from;
};

} // namespace berth::actors

// The timers of actors that run on a loop, kept by that loop: setting one is a
// map's insertion, and no other thread is woken for it. C++17: includes Asio.

#pragma once

#include "actors/request_timers.hpp"

#include <caf/detail/simple_actor_clock.hpp>

#include <asio.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace berth::actors {

/// So late is no timer on a machine that works.
inline constexpr std::chrono::seconds lag_max{1};

/// Invariant: while timers are kept, the loop is armed for the earliest of
/// them or for an earlier instant; after `stop` nothing is. An actor that ended
/// has no timer, and no message is kept for it.
class loop_clock : public caf::detail::simple_actor_clock {
public:
  /// @param held_up Called before timers that are late by `lag_max` or more:
  /// the process was stopped, or the machine paused.
  loop_clock(asio::io_context& loop, std::function<void()> held_up);

  /// Timers of requests that are kept.
  size_t size() const {
    std::lock_guard<std::mutex> guard{mutex_};
    return requests_.size();
  }

  /// Drops all timers. On the loop's thread; a handler that it cancels runs
  /// before whatever is posted to the loop next.
  void stop();

  void set_ordinary_timeout(time_point t, caf::abstract_actor* self,
                            caf::atom_value type, uint64_t id) override;
  void set_multi_timeout(time_point t, caf::abstract_actor* self,
                         caf::atom_value type, uint64_t id) override;
  void set_request_timeout(time_point t, caf::abstract_actor* self,
                           caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self,
                               caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self,
                              caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void
  schedule_message(time_point t, caf::group target,
                   caf::strong_actor_ptr sender, caf::message content) override;
  void cancel_all() override;

private:
  using base = caf::detail::simple_actor_clock;

  template <class Change>
  void change(Change what);

  std::optional<time_point> first() const;
  std::vector<unique_delayed_event_ptr> take_due();
  void sweep_soon();
  void sweep();
  void arm();
  void ring();

  asio::io_context& loop_;
  std::function<void()> held_up_;
  asio::steady_timer timer_; ///< Touched by the loop's thread only.

  mutable std::mutex mutex_; ///< Guards the schedule and what follows.
  request_timers requests_;
  bool sweep_posted_ = false;
  std::optional<time_point> armed_;
  bool stopped_ = false;
};

} // namespace berth::actors

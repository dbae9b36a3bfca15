#include "actors/loop_clock.hpp"

#include <caf/all.hpp>

#include <utility>

namespace berth::actors {

loop_clock::loop_clock(asio::io_context& loop, std::function<void()> held_up)
  : loop_(loop), held_up_(std::move(held_up)), timer_(loop) {
  // nop
}

void loop_clock::stop() {
  {
    std::lock_guard<std::mutex> guard{mutex_};
    stopped_ = true;
  }
  timer_.cancel();
  cancel_all();
}

// -- the schedule -------------------------------------------------------------

template <class Change>
void loop_clock::change(Change what) {
  {
    std::lock_guard<std::mutex> guard{mutex_};
    if (stopped_)
      return;
    what();
    if (schedule_.empty() || (armed_ && *armed_ <= schedule_.begin()->first))
      return;
    armed_ = schedule_.begin()->first;
  }
  if (loop_.get_executor().running_in_this_thread())
    arm();
  else
    asio::post(loop_, [this] {
      arm();
    });
}

void loop_clock::set_ordinary_timeout(time_point t, caf::abstract_actor* self,
                                      caf::atom_value type, uint64_t id) {
  change([=] {
    base::set_ordinary_timeout(t, self, type, id);
  });
}

void loop_clock::set_multi_timeout(time_point t, caf::abstract_actor* self,
                                   caf::atom_value type, uint64_t id) {
  change([=] {
    base::set_multi_timeout(t, self, type, id);
  });
}

void loop_clock::set_request_timeout(time_point t, caf::abstract_actor* self,
                                     caf::message_id id) {
  change([=] {
    base::set_request_timeout(t, self, id);
  });
}

void loop_clock::cancel_ordinary_timeout(caf::abstract_actor* self,
                                         caf::atom_value type) {
  change([=] {
    base::cancel_ordinary_timeout(self, type);
  });
}

void loop_clock::cancel_request_timeout(caf::abstract_actor* self,
                                        caf::message_id id) {
  change([=] {
    base::cancel_request_timeout(self, id);
  });
}

void loop_clock::cancel_timeouts(caf::abstract_actor* self) {
  change([=] {
    base::cancel_timeouts(self);
  });
}

void loop_clock::schedule_message(time_point t, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  change([&] {
    base::schedule_message(t, std::move(receiver), std::move(content));
  });
}

void loop_clock::schedule_message(time_point t, caf::group target,
                                  caf::strong_actor_ptr sender,
                                  caf::message content) {
  change([&] {
    base::schedule_message(t, std::move(target), std::move(sender),
                           std::move(content));
  });
}

void loop_clock::cancel_all() {
  // Destroyed after the lock is gone: the last reference to an actor may be
  // among them, and what dies takes back its timers.
  schedule_map dropped;
  std::lock_guard<std::mutex> guard{mutex_};
  actor_lookup_.clear();
  dropped.swap(schedule_);
}

// -- on the loop's thread -----------------------------------------------------

void loop_clock::arm() {
  {
    std::lock_guard<std::mutex> guard{mutex_};
    if (stopped_ || !armed_)
      return;
    timer_.expires_at(*armed_);
  }
  timer_.async_wait([this](const asio::error_code& cancelled) {
    if (!cancelled)
      ring();
  });
}

void loop_clock::ring() {
  // Shipped after the lock is gone, for the same reason.
  std::vector<unique_delayed_event_ptr> due;
  bool late = false;
  {
    std::lock_guard<std::mutex> guard{mutex_};
    armed_.reset();
    late = !schedule_.empty() && schedule_.begin()->first + lag_max <= now();
    for (auto t = now(); !schedule_.empty() && schedule_.begin()->first <= t;) {
      auto x = std::move(schedule_.begin()->second);
      if (x->backlink != actor_lookup_.end())
        actor_lookup_.erase(x->backlink);
      schedule_.erase(schedule_.begin());
      due.push_back(std::move(x));
    }
  }
  if (late && held_up_)
    held_up_();
  for (auto& x : due)
    ship(*x);
  due.clear();
  change([] {});
}

} // namespace berth::actors

#include "actors/loop_clock.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <forward_list>
#include <utility>

namespace berth::actors {

namespace {

using caf::scheduled_actor;

/// CAF tells nobody what an actor waits for. An explicit instantiation may name
/// what is not public: the only way to know which timers are of no use.
using answered
  = caf::detail::unordered_flat_map<caf::message_id, caf::behavior>;
using awaited = std::forward_list<scheduled_actor::pending_response>;

const answered& answered_of(const scheduled_actor& x);
const awaited& awaited_of(const scheduled_actor& x);

template <answered scheduled_actor::*Answered,
          awaited scheduled_actor::*Awaited>
struct revealed {
  friend const answered& answered_of(const scheduled_actor& x) {
    return x.*Answered;
  }

  friend const awaited& awaited_of(const scheduled_actor& x) {
    return x.*Awaited;
  }
};

template struct revealed<&scheduled_actor::multiplexed_responses_,
                         &scheduled_actor::awaited_responses_>;

bool waits_for(const scheduled_actor& x, caf::message_id what) {
  auto is_it = [what](const auto& one) {
    return one.first == what;
  };
  auto& in_turn = awaited_of(x);
  return answered_of(x).count(what) > 0
         || std::any_of(in_turn.begin(), in_turn.end(), is_it);
}

/// Of actors with threads of their own nothing can be told here.
bool still_waits(caf::abstract_actor& x, caf::message_id what) {
  auto scheduled = dynamic_cast<scheduled_actor*>(&x);
  return !scheduled || scheduled->getf(caf::abstract_actor::is_detached_flag)
         || waits_for(*scheduled, what);
}

} // namespace

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
    auto due = first();
    if (!due || (armed_ && *armed_ <= *due))
      return;
    armed_ = due;
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
  change([&] {
    requests_.add(t, caf::strong_actor_ptr{self->ctrl()}, id);
    sweep_soon();
  });
}

void loop_clock::cancel_ordinary_timeout(caf::abstract_actor* self,
                                         caf::atom_value type) {
  change([=] {
    base::cancel_ordinary_timeout(self, type);
  });
}

/// CAF asks for it nowhere, and one too many does no harm: nobody waits for it.
void loop_clock::cancel_request_timeout(caf::abstract_actor*, caf::message_id) {
  // nop
}

void loop_clock::cancel_timeouts(caf::abstract_actor* self) {
  // Destroyed after the lock is gone: the last reference to another actor may
  // be among them, and what dies takes back its timers.
  std::vector<unique_delayed_event_ptr> dropped;
  caf::strong_actor_ptr kept;
  std::lock_guard<std::mutex> guard{mutex_};
  kept = requests_.forget(self->id());
  auto [i, end] = actor_lookup_.equal_range(self->id());
  for (; i != end; i = actor_lookup_.erase(i)) {
    dropped.push_back(std::move(i->second->second));
    schedule_.erase(i->second);
  }
}

void loop_clock::schedule_message(time_point t, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  change([&] {
    auto id = receiver->id();
    // Ids of other nodes' actors may be those of ours.
    bool here = receiver->node() == receiver->home_system->node();
    auto i
      = schedule_.emplace(t, std::make_unique<actor_msg>(t, std::move(receiver),
                                                         std::move(content)));
    i->second->backlink
      = here ? actor_lookup_.emplace(id, i) : actor_lookup_.end();
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
  // Destroyed after the lock is gone, for the same reason.
  schedule_map dropped;
  std::vector<caf::strong_actor_ptr> kept;
  std::lock_guard<std::mutex> guard{mutex_};
  actor_lookup_.clear();
  dropped.swap(schedule_);
  kept = requests_.clear();
}

std::optional<loop_clock::time_point> loop_clock::first() const {
  auto result = requests_.first();
  if (!schedule_.empty() && (!result || schedule_.begin()->first < *result))
    result = schedule_.begin()->first;
  return result;
}

/// In the order in which they are due.
std::vector<loop_clock::unique_delayed_event_ptr> loop_clock::take_due() {
  std::vector<unique_delayed_event_ptr> result;
  auto t = now();
  for (auto& x : requests_.take_due(t))
    result.push_back(
      std::make_unique<request_timeout>(x.due, std::move(x.whom), x.what));
  while (!schedule_.empty() && schedule_.begin()->first <= t) {
    auto x = std::move(schedule_.begin()->second);
    if (x->backlink != actor_lookup_.end())
      actor_lookup_.erase(x->backlink);
    schedule_.erase(schedule_.begin());
    result.push_back(std::move(x));
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& x, const auto& y) {
                     return x->due < y->due;
                   });
  return result;
}

// -- on the loop's thread -----------------------------------------------------

/// Not now: the actor that asks has not said yet what it does with the answer.
void loop_clock::sweep_soon() {
  if (requests_.is_full() && !std::exchange(sweep_posted_, true))
    asio::post(loop_, [this] {
      sweep();
    });
}

void loop_clock::sweep() {
  std::vector<caf::strong_actor_ptr> dropped; // After the lock is gone.
  std::lock_guard<std::mutex> guard{mutex_};
  sweep_posted_ = false;
  dropped = requests_.sweep(still_waits);
}

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
  // Shipped and destroyed after the lock is gone, for the same reason.
  std::vector<unique_delayed_event_ptr> due;
  bool late = false;
  {
    std::lock_guard<std::mutex> guard{mutex_};
    armed_.reset();
    auto earliest = first();
    late = earliest && *earliest + lag_max <= now();
    due = take_due();
  }
  if (late && held_up_)
    held_up_();
  for (auto& x : due)
    ship(*x);
  due.clear();
  change([] {});
}

} // namespace berth::actors

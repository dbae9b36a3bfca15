#include "actors/request_timers.hpp"

#include <caf/abstract_actor.hpp>

#include <algorithm>
#include <utility>

namespace berth::actors {

void request_timers::add(time_point due, const caf::strong_actor_ptr& whom,
                         caf::message_id what) {
  auto& found = waiting_[whom->id()];
  if (found.timers++ == 0)
    found.who = whom;
  heap_.push_back({due, whom->id(), what});
  std::push_heap(heap_.begin(), heap_.end(), is_later);
}

caf::strong_actor_ptr request_timers::forget(caf::actor_id whom) {
  auto found = waiting_.extract(whom);
  return found ? std::move(found.mapped().who) : nullptr;
}

std::vector<caf::strong_actor_ptr> request_timers::sweep(const waits& still) {
  std::vector<caf::strong_actor_ptr> result;
  auto is_over = [&](const entry& x) {
    auto found = waiting_.find(x.whom);
    if (found == waiting_.end())
      return true;
    if (still(*found->second.who->get(), x.what))
      return false;
    if (--found->second.timers == 0) {
      result.push_back(std::move(found->second.who));
      waiting_.erase(found);
    }
    return true;
  };
  heap_.erase(std::remove_if(heap_.begin(), heap_.end(), is_over), heap_.end());
  if (heap_.capacity() > 4 * std::max(heap_.size(), swept_from))
    heap_.shrink_to_fit();
  std::make_heap(heap_.begin(), heap_.end(), is_later);
  swept_at_ = std::max(2 * heap_.size(), swept_from);
  return result;
}

std::optional<request_timers::time_point> request_timers::first() const {
  if (heap_.empty())
    return std::nullopt;
  return heap_.front().due;
}

std::vector<request_timers::timer> request_timers::take_due(time_point now) {
  std::vector<timer> result;
  while (!heap_.empty() && heap_.front().due <= now) {
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    auto x = heap_.back();
    heap_.pop_back();
    auto found = waiting_.find(x.whom);
    if (found == waiting_.end())
      continue;
    result.push_back({x.due, found->second.who, x.what});
    if (--found->second.timers == 0)
      waiting_.erase(found);
  }
  return result;
}

std::vector<caf::strong_actor_ptr> request_timers::clear() {
  std::vector<caf::strong_actor_ptr> result;
  for (auto& x : waiting_)
    result.push_back(std::move(x.second.who));
  waiting_.clear();
  heap_.clear();
  return result;
}

} // namespace berth::actors

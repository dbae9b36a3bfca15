#include "actors/request_timers.hpp"

#include <caf/abstract_actor.hpp>

#include <algorithm>
#include <utility>

namespace berth::actors {

namespace {

constexpr size_t swept_from = 1024;

} // namespace

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
  if (!found)
    return nullptr;
  ended_ += found.mapped().timers;
  sweep();
  return std::move(found.mapped().who);
}

void request_timers::sweep() {
  if (heap_.size() < swept_from || 2 * ended_ < heap_.size())
    return;
  auto has_ended = [this](const entry& x) {
    return waiting_.count(x.whom) == 0;
  };
  heap_.erase(std::remove_if(heap_.begin(), heap_.end(), has_ended),
              heap_.end());
  std::make_heap(heap_.begin(), heap_.end(), is_later);
  ended_ = 0;
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
    if (found == waiting_.end()) {
      --ended_;
      continue;
    }
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
  ended_ = 0;
  return result;
}

} // namespace berth::actors

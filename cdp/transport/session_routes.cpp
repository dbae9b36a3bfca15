#include "cdp/transport/session_routes.hpp"

#include <algorithm>
#include <utility>

namespace berth::cdp {

void session_routes::route(std::string session, lease_number lease,
                           receiver heard, time now) {
  std::lock_guard<std::mutex> guard{mutex_};
  auto before = std::exchange(routes_[std::move(session)],
                              entry{lease, std::move(heard)});
  note_left(before.lease, now);
}

void session_routes::unroute(const std::string& session, time now) {
  std::lock_guard<std::mutex> guard{mutex_};
  window_.withdraw(session, now);
  if (auto before = routes_.extract(session))
    note_left(before.mapped().lease, now);
}

/// One of its sessions is over, and perhaps it was the last.
void session_routes::note_left(lease_number whose, time now) {
  auto is_its = [whose](const auto& x) {
    return x.second.lease == whose;
  };
  if (whose != 0 && std::none_of(routes_.begin(), routes_.end(), is_its))
    window_.leave(whose, now);
}

void session_routes::clear() {
  std::lock_guard<std::mutex> guard{mutex_};
  routes_.clear();
}

void session_routes::begin_anew() {
  std::lock_guard<std::mutex> guard{mutex_};
  window_ = send_window{{}};
}

bool session_routes::put(outgoing& what, bool in_turn, time now) {
  std::lock_guard<std::mutex> guard{mutex_};
  if (!in_turn)
    return window_.put(what.text);
  auto to = routes_.find(what.session);
  return window_.put(to == routes_.end() ? 0 : to->second.lease, what, now);
}

bool session_routes::take_back(uint64_t id) {
  std::lock_guard<std::mutex> guard{mutex_};
  return window_.take_back(id);
}

session_routes::turn session_routes::next(time now) {
  std::lock_guard<std::mutex> guard{mutex_};
  turn result{window_.next(now), {}};
  if (!result.text)
    result.due = window_.due(now);
  return result;
}

session_routes::listener
session_routes::find(const frame& what, std::size_t bytes, time now) {
  if (what.head.session.empty())
    return {};
  std::lock_guard<std::mutex> guard{mutex_};
  auto to = routes_.find(what.head.session);
  if (to == routes_.end())
    return {};
  auto lease = to->second.lease;
  if (lease != 0 && bytes > 0)
    window_.heard(lease, what.head.is_answer() ? what.head.id : 0, bytes, now);
  return {to->second.heard, lease != 0};
}

} // namespace berth::cdp

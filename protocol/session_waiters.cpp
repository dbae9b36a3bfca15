#include "protocol/session_waiters.hpp"

#include <cassert>

namespace berth::protocol {

void session_waiters::park(waiter x) {
  [[maybe_unused]] auto fresh = waiters_.emplace(x.id, x).second;
  assert(fresh && x.until != wait_until::accepted);
}

template <class Predicate>
std::vector<session_waiters::waiter>
session_waiters::take_if(Predicate wanted) {
  std::vector<waiter> result;
  std::erase_if(waiters_, [&](const auto& entry) {
    if (!wanted(entry.second))
      return false;
    result.push_back(entry.second);
    return true;
  });
  return result;
}

std::vector<session_waiters::waiter>
session_waiters::take(run_id which, wait_until reached) {
  return take_if([&](const waiter& x) {
    return x.run == which && x.until <= reached;
  });
}

std::vector<session_waiters::waiter> session_waiters::take_late(timestamp now) {
  return take_if([&](const waiter& x) {
    return x.deadline && *x.deadline <= now;
  });
}

std::vector<session_waiters::waiter> session_waiters::take(client_id whose) {
  return take_if([&](const waiter& x) {
    return x.client == whose;
  });
}

std::optional<timestamp> session_waiters::next_deadline() const {
  std::optional<timestamp> result;
  for (const auto& [id, x] : waiters_)
    if (x.deadline && (!result || *x.deadline < *result))
      result = x.deadline;
  return result;
}

} // namespace berth::protocol

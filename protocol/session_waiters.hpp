#pragma once

#include "protocol/session.hpp"

#include <map>
#include <optional>
#include <vector>

namespace berth::protocol {

/// The calls of one session that are parked until something happens to a run.
/// Whoever is taken out is to be answered, and is not there any more: so each
/// gets one answer.
class session_waiters {
public:
  struct waiter {
    waiter_id id;
    client_id client;
    run_id run;
    wait_until until{};
    std::optional<timestamp> deadline; ///< None: as long as the run takes.
  };

  void park(waiter x);

  /// Those whom this state of the run concerns.
  std::vector<waiter> take(run_id which, wait_until reached);

  std::vector<waiter> take_late(timestamp now);
  std::vector<waiter> take(client_id whose);

  std::optional<timestamp> next_deadline() const;

  size_t size() const {
    return waiters_.size();
  }

private:
  template <class Predicate>
  std::vector<waiter> take_if(Predicate wanted);

  std::map<waiter_id, waiter> waiters_;
};

} // namespace berth::protocol

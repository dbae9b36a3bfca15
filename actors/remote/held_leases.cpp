#include "actors/remote/held_leases.hpp"

#include <algorithm>

namespace berth::client {

using namespace protocol;

namespace {

duration third_of(duration ttl) {
  return std::max<duration>(ttl / 3, held_leases::interval_min);
}

} // namespace

void held_leases::hold(const grant& x, timestamp now) {
  auto interval = third_of(x.expires_in);
  leases_[x.lease.ref] = rhythm{x.lease.proof, interval, now + interval};
}

void held_leases::renewed(const lease_ref& x, duration lives, timestamp now) {
  auto found = leases_.find(x);
  if (found == leases_.end())
    return;
  auto interval = third_of(lives);
  found->second.interval = interval;
  found->second.due = now + interval;
}

void held_leases::renew_all(timestamp now) {
  for (auto& [lease, when] : leases_)
    when.due = now;
}

std::vector<lease_credential> held_leases::take_due(timestamp now) {
  std::vector<lease_credential> result;
  for (auto& [lease, when] : leases_) {
    if (when.due > now)
      continue;
    when.due = now + when.interval;
    result.push_back({lease, when.proof});
  }
  return result;
}

std::optional<timestamp> held_leases::next_renewal() const {
  auto first
    = std::min_element(leases_.begin(), leases_.end(), [](auto& x, auto& y) {
        return x.second.due < y.second.due;
      });
  if (first == leases_.end())
    return std::nullopt;
  return first->second.due;
}

bool held_leases::drop(const lease_ref& x) {
  return leases_.erase(x) > 0;
}

} // namespace berth::client

// What `berth bench` measures with.

#pragma once

#include "protocol/outcome.hpp"
#include "protocol/types.hpp"

#include "journal/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace berth::apps {

/// Times in microseconds.
class latencies {
public:
  void add(const std::vector<double>& more);

  /// The p-quantile; 0 if there are none.
  double at(double p) const;

private:
  std::vector<double> all_;
};

/// `Runtime.evaluate` of `1`, one after the other, on a tab of its own over
/// the same transport that Berth uses.
std::vector<double> time_plain_calls(const std::string& endpoint, size_t count);

/// The same as a command of a lease, from an actor of another process.
std::vector<double>
time_berth_calls(uint16_t port, protocol::lease_credential lease, size_t count);

/// A renewal of the lease instead: what the way there and back costs without
/// a tab at its end.
std::vector<double>
time_renewals(uint16_t port, protocol::lease_credential lease, size_t count);

struct rate {
  double per_second = 0;
  latencies each;
};

struct lease_rates {
  rate leases;   ///< One is a grant and a release.
  rate renewals; ///< One is a request and its answer, for comparison.
};

/// So many clients over the CAF network, each acquiring and releasing, and
/// then renewing, as fast as it can, with a Chrome that takes no time. With a
/// journal every grant is durable before it is answered.
protocol::outcome<lease_rates>
count_leases(size_t clients, protocol::duration time,
             const std::shared_ptr<journal::store>& journal = {});

/// How long the site thinks about each prompt of `count_turns`.
constexpr protocol::duration turn_thinking = std::chrono::milliseconds{1500};

struct turn_rates {
  double per_minute = 0;
  latencies each;
  size_t without = 0; ///< Agents that got no turn at all.
  size_t wrong = 0;   ///< Turns that failed, or answered something else.
};

/// So many agents, each in a conversation of its own with the fixture, on a
/// daemon with the usual limits, each asking again as soon as it is answered.
protocol::outcome<turn_rates>
count_turns(size_t agents, protocol::duration time);

} // namespace berth::apps

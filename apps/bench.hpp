// What `berth bench` measures with.

#pragma once

#include "protocol/outcome.hpp"
#include "protocol/types.hpp"

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
time_berth_calls(uint16_t port, protocol::lease_ref lease, size_t count);

struct lease_count {
  double per_second = 0;
  latencies grants;
};

/// So many clients over the CAF network, each acquiring and releasing as fast
/// as it can, with a Chrome that takes no time.
protocol::outcome<lease_count>
count_leases(size_t clients, protocol::duration time);

} // namespace berth::apps

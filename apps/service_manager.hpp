// systemd, if it has started us: it is told when we serve, that we live, and
// that we end. Else all of this does nothing.

#pragma once

#include <chrono>
#include <cstdint>

namespace berth::apps {

class service_manager {
public:
  service_manager();

  void ready() const;
  void stopping() const;

  /// Tells that we live, as often as is asked for; but only if all was seen to
  /// be well since then: `looks` has grown.
  void note(uint64_t looks);

private:
  std::chrono::microseconds every_{0}; ///< 0: nobody asks.
  std::chrono::steady_clock::time_point due_;
  uint64_t looks_ = 0;
};

} // namespace berth::apps

#include "apps/service_manager.hpp"

#include <systemd/sd-daemon.h>

namespace berth::apps {

service_manager::service_manager() {
  uint64_t within = 0;
  if (::sd_watchdog_enabled(0, &within) > 0)
    every_ = std::chrono::microseconds{within / 2};
}

void service_manager::ready() const {
  ::sd_notify(0, "READY=1");
}

void service_manager::stopping() const {
  ::sd_notify(0, "STOPPING=1");
}

void service_manager::note(uint64_t looks) {
  auto now = std::chrono::steady_clock::now();
  if (every_.count() == 0 || looks == looks_ || now < due_)
    return;
  looks_ = looks;
  due_ = now + every_;
  ::sd_notify(0, "WATCHDOG=1");
}

} // namespace berth::apps

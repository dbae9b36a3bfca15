#pragma once

#include <chrono>
#include <csignal>

namespace berth::apps {

/// Blocks SIGINT and SIGTERM for this thread and those it starts, and waits for
/// them instead: to be made before any thread is.
class signal_watch {
public:
  signal_watch() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }

  ~signal_watch() {
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// True if one came within this time.
  bool wait(std::chrono::milliseconds time) const {
    timespec until{time.count() / 1000, time.count() % 1000 * 1000000};
    return sigtimedwait(&set_, nullptr, &until) > 0;
  }

private:
  sigset_t set_;
  sigset_t before_;
};

} // namespace berth::apps

#pragma once

#include <chrono>
#include <csignal>
#include <thread>

namespace berth::apps {

/// Blocks SIGINT, SIGTERM and SIGHUP for this thread and those it starts, and
/// waits for them instead: to be made before any thread is. One that whoever
/// started us has us ignore (`nohup`, `&` in a script) stays ignored. SIGPIPE
/// is blocked, too: who has children to end must live on when nobody reads its
/// output.
class signal_watch {
public:
  signal_watch() {
    sigemptyset(&ends_);
    for (int x : {SIGINT, SIGTERM, SIGHUP}) // The last: the terminal is gone.
      if (struct sigaction how{};
          sigaction(x, nullptr, &how) != 0 || how.sa_handler != SIG_IGN)
        sigaddset(&ends_, x);
    auto blocked = ends_;
    sigaddset(&blocked, SIGPIPE);
    sigaddset(&blocked, done_);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }

  ~signal_watch() {
    forget();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// True if one came within this time.
  bool wait(std::chrono::milliseconds time) const {
    timespec until{time.count() / 1000, time.count() % 1000 * 1000000};
    return sigtimedwait(&ends_, nullptr, &until) > 0;
  }

  /// Runs `job`, which knows nothing of signals. If one comes meanwhile,
  /// `interrupted` runs on a thread of its own; it may end the process.
  template <class Job, class Interrupted>
  auto during(Job job, Interrupted interrupted) const {
    std::thread listener{[this, &interrupted] {
      auto heard = ends_;
      sigaddset(&heard, done_);
      int which = 0;
      if (sigwait(&heard, &which) == 0 && which != done_)
        interrupted();
    }};
    auto result = job();
    pthread_kill(listener.native_handle(), done_);
    listener.join();
    return result;
  }

  /// Lets the next one end the process at once. Some shells and wrappers send
  /// the first one twice: what came already does not count.
  void let_the_next_end_us() const {
    forget();
    pthread_sigmask(SIG_UNBLOCK, &ends_, nullptr);
  }

private:
  void forget() const {
    auto all = ends_;
    sigaddset(&all, SIGPIPE);
    sigaddset(&all, done_);
    timespec now{0, 0};
    while (sigtimedwait(&all, nullptr, &now) > 0)
      ;
  }

  static constexpr int done_ = SIGUSR1; ///< Tells a listener to stop.

  sigset_t ends_;
  sigset_t before_;
};

} // namespace berth::apps

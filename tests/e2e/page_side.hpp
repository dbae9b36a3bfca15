// The page side of one session with a real Chromium: the crew of a daemon, a
// page actor, and a listener that keeps what it reports.

#pragma once

#include "actors/page.hpp"
#include "cdp/transport/io_loop.hpp"

#include "tests/e2e/harness.hpp"
#include "tests/e2e/page_server.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace berth::tests {

/// A report, and when it came on the clock that pages see.
struct heard_report {
  page_report what;
  std::chrono::system_clock::time_point at;
};

class page_log {
public:
  void add(const page_report& x);

  /// Waits for the next report of this kind; those before it are skipped.
  /// None if there was none in time, or the run failed.
  template <class T>
  std::optional<T> wait();

  /// Everything so far.
  std::vector<heard_report> all() const;

  template <class T>
  size_t count() const {
    size_t result = 0;
    for (const auto& x : all())
      result += std::holds_alternative<T>(x.what.what);
    return result;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<heard_report> all_;
  size_t next_ = 0;
};

template <class T>
std::optional<T> page_log::wait() {
  std::unique_lock guard{mutex_};
  std::optional<T> result;
  changed_.wait_for(guard, patience, [&] {
    for (; next_ < all_.size() && !result; ++next_) {
      const auto& x = all_[next_].what.what;
      if (auto meant = std::get_if<T>(&x))
        result = *meant;
      else if (auto failed = std::get_if<page_failed>(&x)) {
        ADD_FAILURE() << failed->why.what;
        return true;
      }
    }
    return result.has_value();
  });
  return result;
}

class page_side {
public:
  /// `kind` is a query that the page knows; empty: as it is.
  explicit page_side(const std::string& kind = {}, actors::page_limits most
                                                   = {});
  ~page_side();

  template <class Act>
  void act(Act x) {
    caf::anon_send(page_, std::move(x));
  }

  /// Begins the next run, in the conversation of the last one.
  void begin(prompt what);

  /// Begins, and waits until the prompt is there.
  [[nodiscard]] bool send(const std::string& text);

  /// Goes on until the answer is whole; empty if it never is.
  std::string answer();

  /// The next leg of the run, in a new tab.
  [[nodiscard]] bool recover();

  template <class T>
  std::optional<T> hear() {
    return log.wait<T>();
  }

  run_ref run() const {
    return run_;
  }

  /// Where the conversation is, as it was told last.
  std::string address() const;

  std::vector<lease_view> leases();
  void crash_renderers();

  page_log log;

private:
  template <class T, class Handle, class Request>
  T ask(const Handle& whom, Request what);

  scratch_dir dir_;
  page_server server_;
  std::shared_ptr<cdp::io_loop> loop_ = std::make_shared<cdp::io_loop>();
  caf::actor_system_config settings_;
  std::unique_ptr<caf::actor_system> system_;
  actors::harbour_actor harbour_;
  actors::crew crew_;
  actors::page_listener_actor listener_;
  actors::page_actor page_;
  run_ref run_;
  prompt what_;
};

} // namespace berth::tests

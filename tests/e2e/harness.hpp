// A real daemon with a real Chromium in this process, and real clients.

#pragma once

#include "actors/remote/connection.hpp"
#include "actors/runtime.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace berth::tests {

using namespace berth::protocol;
using namespace std::chrono_literals;

/// How long a test waits for what must come; nothing is judged by it.
inline constexpr duration patience = 60s;

/// What a call was answered with. The test fails if it was refused, and takes
/// down what it built.
template <class T>
T must(outcome<T> x) {
  if (!x)
    throw std::runtime_error{x.error().what};
  return std::move(*x);
}

/// The proof in `7:1.9:k3qz7m2ah5wv4nxe`: what nobody may ever see.
std::string proof_in(const std::string& credential);

/// A directory that is gone with this object. Without one no test can begin.
class scratch_dir {
public:
  const std::string& path() const {
    return made_.path();
  }

private:
  apps::scratch_dir made_{must(apps::scratch_dir::make())};
};

/// Runs `job` in so many threads at once and waits for all.
void together(size_t count, const std::function<void(size_t)>& job);

/// What a client was told, for tests that wait for it.
class event_log {
public:
  void add(const event& x);

  /// Waits until one of the events so far, or to come, is meant.
  std::optional<event> wait(const std::function<bool(const event&)>& is_meant);

  std::optional<event> wait(event_kind kind, lease_id which = {});

  std::vector<event> all() const;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<event> events_;
};

/// A daemon, and an observer that hears everything.
class live_daemon {
public:
  using providers = std::map<std::string, provider_profile>;

  explicit live_daemon(const std::function<void(config&)>& change = {},
                       providers known = {});
  ~live_daemon();

  client::connection connect(std::string name = "test");

  /// With an operator's rights.
  client::connection operate(std::string name = "operator");

  event_log& log() {
    return log_;
  }

  status look();

  uint16_t port() const {
    return runtime_->port();
  }

  runtime& self() {
    return *runtime_;
  }

  const std::string& dir() const {
    return dir_.path();
  }

private:
  scratch_dir dir_;
  event_log log_;
  std::optional<runtime> runtime_;
  std::optional<client::connection> observer_;
};

/// Another process: started here, ended here.
class child_process {
public:
  /// argv[0] is the program's path. stdin and stdout are pipes.
  explicit child_process(const std::vector<std::string>& argv);
  ~child_process(); ///< Ends it by SIGKILL if it still runs.
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  /// The next line of its output; none at the end.
  std::optional<std::string> read_line();

  /// All that is left of its output.
  std::string read_all();

  /// From now on nobody reads what it says.
  void close_output();

  void signal(int number) const;

  /// Waits for its end. The exit status, or 128 plus the signal; -1 if it
  /// was waited for before.
  int wait();

private:
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string buffer_;
};

/// The renderers of this Chrome, the one of its anchor included.
std::vector<pid_t> renderers_of(int64_t chrome);

/// Where a Chrome with this profile listens that was started with
/// `--remote-debugging-port`: it opens its port beside the pipes, a bit later.
std::string debugging_address_of(const std::string& profile);

/// The path of a program that was built beside the tests.
std::string built(const char* program);

} // namespace berth::tests

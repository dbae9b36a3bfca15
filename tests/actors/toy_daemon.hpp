// A daemon as a client sees it, without a browser behind it: a real CAF node
// on a loopback port, which writes down what it hears and answers from a list.

#pragma once

#include "actors/errors.hpp"
#include "actors/wire.hpp"

#include <caf/io/all.hpp>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace berth::test {

using namespace protocol;

/// What happened, for a test that waits until it did.
class diary {
public:
  void write(const std::string& line) {
    std::lock_guard guard{mutex_};
    ++lines_[line];
    changed_.notify_all();
  }

  /// False if it did not come in a time that no machine needs.
  bool hears(const std::string& line, size_t times = 1) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, std::chrono::seconds{30}, [&] {
      return lines_[line] >= times;
    });
  }

  size_t count(const std::string& line) {
    std::lock_guard guard{mutex_};
    return lines_[line];
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, size_t> lines_;
};

/// How a toy daemon answers.
struct toy_script {
  duration ttl = std::chrono::seconds{30};
  errc on_hello = errc::ok;
  errc on_renew = errc::ok;
};

class toy_daemon {
public:
  explicit toy_daemon(uint16_t port = 0, toy_script script = {});
  ~toy_daemon(); ///< Cuts all connections, as a crash does.

  uint16_t port() const {
    return port_;
  }

  diary& book() {
    return *book_;
  }

  /// To the watcher of the last client that said hello.
  void tell(events what);

private:
  struct shared;
  std::shared_ptr<diary> book_ = std::make_shared<diary>();
  std::shared_ptr<shared> shared_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  uint16_t port_ = 0;
};

} // namespace berth::test

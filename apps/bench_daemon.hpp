// A daemon for a benchmark.

#pragma once

#include "actors/runtime.hpp"
#include "apps/children.hpp"

#include <map>
#include <optional>
#include <string>
#include <thread>

namespace berth::apps {

/// In a process of its own, so that its memory is its own.
class bench_daemon {
public:
  /// @param settings Beside those that every such daemon has.
  explicit bench_daemon(const std::string& dir,
                        const std::map<std::string, std::string>& settings) {
    std::vector<std::string> call{own_program(), "serve", "--state_dir", dir,
                                  "--door.port", "0",     "--log_level", "off"};
    for (const auto& [name, value] : settings) {
      call.push_back("--" + name);
      call.push_back(value);
    }
    pid_ = children_.start(call);
    for (int i = 0; i < 2000 && !record_; ++i) {
      record_ = find_daemon(dir);
      if (!record_)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }

  ~bench_daemon() {
    children_.stop(pid_);
  }

  bench_daemon(const bench_daemon&) = delete;
  bench_daemon& operator=(const bench_daemon&) = delete;

  /// 0: it did not start.
  uint16_t port() const {
    return record_ ? record_->port : 0;
  }

  pid_t pid() const {
    return pid_;
  }

private:
  children children_;
  pid_t pid_ = -1;
  std::optional<daemon_record> record_;
};

} // namespace berth::apps

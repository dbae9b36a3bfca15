// The conversation of `berth demo`: its tab crashes in mid-answer.

#pragma once

#include "apps/fixture/service.hpp"
#include "protocol/event.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace berth::apps {

/// Begins at once, on a thread of its own. What it waits for comes, or the
/// daemon goes: one of both before this object.
class demo_talk {
public:
  demo_talk(uint16_t port, const fixture::service& site);
  ~demo_talk();

  demo_talk(const demo_talk&) = delete;
  demo_talk& operator=(const demo_talk&) = delete;

  bool is_over() const {
    return over_;
  }

  std::string state() const;

  /// Once it is over: whether the answer came whole, to a prompt that was sent
  /// once, though its tab was lost.
  bool kept() const;

  /// What happened, or what went wrong.
  std::string what() const;

private:
  void converse(uint16_t port);
  void hear(const protocol::event& x);
  void become(std::string state);
  bool is_whole(const std::string& url, const std::string& answer) const;

  const fixture::service& site_;
  mutable std::mutex mutex_;
  std::string state_ = "begins";
  std::string wrong_ = "it is not over";
  size_t tabs_lost_ = 0;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

} // namespace berth::apps

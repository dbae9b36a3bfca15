#pragma once

#include "actors/remote/connection.hpp"
#include "apps/contend/chronicle.hpp"
#include "apps/fixture/service.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace berth::apps::contend {

/// Agents that hold conversations with a site of the run's own, one each, as
/// long as it lasts: one prompt after the other, none said twice. Nobody
/// strikes them, but the daemon and the Chromium that they need.
class talkers {
public:
  talkers(size_t count, uint16_t port);
  ~talkers(); ///< Waits for them; every call of theirs is bounded.

  talkers(const talkers&) = delete;
  talkers& operator=(const talkers&) = delete;

  /// They have their answers, and close their conversations.
  void dismiss() {
    dismissed_ = true;
  }

  size_t running() const {
    return running_;
  }

  /// Once none is running: what they saw, and what the site says to that.
  talk_figures count(const fixture::service& site) const;

private:
  void converse(uint16_t port, size_t number);
  void take_turn(client::connection& me, protocol::session_id where,
                 const std::string& prompt);
  void note(uint64_t talk_figures::*what);
  void note(const protocol::failure& why);

  std::atomic<bool> dismissed_ = false;
  std::atomic<size_t> running_;
  mutable std::mutex mutex_;
  talk_figures seen_;
  std::vector<std::thread> threads_;
};

} // namespace berth::apps::contend

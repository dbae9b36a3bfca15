#pragma once

#include "apps/agent/driver.hpp"
#include "apps/agent/line.hpp"
#include "apps/signals.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace berth::apps {

struct agent_habits {
  std::string name;
  protocol::duration wait{}; ///< How long it waits for its turn.
  protocol::duration hold{}; ///< How long it drives its tab.
  uint64_t rounds = 1;       ///< 0: until it is told to end.
  uint64_t eager_every = 0;  ///< This round and its multiples do not wait.
};

/// A small agent: takes a tab, drives it, checks that every answer comes from
/// its own page and from its own command, gives the tab back, and begins anew.
class agent_loop {
public:
  /// @param say Hears what becomes of it.
  agent_loop(agent_habits habits, driver& hands, const signal_watch& stop,
             std::function<void(const agent_line&)> say)
    : habits_{std::move(habits)},
      hands_{hands},
      stop_{stop},
      say_{std::move(say)} {
    // nop
  }

  /// Returns the exit code.
  int run();

private:
  enum class step { go_on, lease_is_over };

  int take_turn(protocol::duration wait);
  bool drive();
  step arrive();
  step ask();
  step amend(const protocol::failure& why);
  void judge(const std::string& got, const std::string& mine,
             const std::string& blank);
  agent_line line(saying says) const;
  void say_commands();
  void fail_with(const protocol::failure& why);
  void pause(protocol::duration how_long);

  agent_habits habits_;
  driver& hands_;
  const signal_watch& stop_;
  std::function<void(const agent_line&)> say_;
  bool told_to_end_ = false;
  protocol::lease_ref lease_;
  std::string mark_;      ///< On its page, and on no other.
  bool arrived_ = false;  ///< Its page was loaded.
  bool restored_ = false; ///< Its tab was recovered; the page may be blank.
  uint64_t serial_ = 0;
  uint64_t unsaid_ = 0; ///< Answered commands that it has not told of.
  uint64_t mistakes_ = 0;
};

} // namespace berth::apps

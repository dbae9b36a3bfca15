#pragma once

#include "apps/contend/crew.hpp"
#include "apps/contend/own_daemon.hpp"
#include "apps/contend/talkers.hpp"

#include <functional>

namespace berth::apps::contend {

/// One contention run, from the start of its daemon to the end of its last
/// process: first chaos, by the plan of its seed, then peace, in which
/// everybody goes and nothing may be left.
class contention {
public:
  /// Whom a run is told to while it goes on.
  struct audience {
    std::function<void(const tally&, duration)> look; ///< Many times a second.
    std::function<void(const protocol::event&)> hear; ///< Of each event.
  };

  contention(const run_options& how, audience who);

  /// A failure if it could not be played to its end.
  protocol::outcome<run_result> play(const signal_watch& stop);

private:
  protocol::outcome<void> make_chaos(const signal_watch& stop);
  bool is_over(duration since_start) const;
  protocol::outcome<void> make_peace(const signal_watch& stop);
  void settle(const signal_watch& stop);
  void hear(std::chrono::milliseconds most);

  void repeat_what_was_late(duration since_start);
  protocol::outcome<void>
  strike_those_due(duration since_start, const signal_watch& stop);
  protocol::outcome<bool> carry_out(const strike& x, const signal_watch& stop);
  bool strike_agent(const strike& x);
  bool crash(const strike& x);
  bool kill_chromium();
  protocol::outcome<bool> kill_daemon(const signal_watch& stop);

  run_options how_;
  audience audience_;
  std::vector<strike> plan_;
  size_t next_ = 0;
  size_t repeated_ = 0; ///< Strikes that came too late, and come again.
  timestamp calm_from_; ///< When the last strike's effect is over.
  tally books_;
  event_clock clock_;
  uint64_t epoch_ = 0;
  std::optional<protocol::failure> unheard_; ///< Why not all was heard yet.
  std::optional<fixture::service> site_;     ///< Where conversations are held.
  own_daemon daemon_;
  crew crew_;
  std::optional<talkers> talkers_;
  remains left_;
};

} // namespace berth::apps::contend

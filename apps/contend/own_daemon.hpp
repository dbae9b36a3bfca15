#pragma once

#include "actors/remote/connection.hpp"
#include "apps/contend/chronicle.hpp"
#include "apps/processes.hpp"
#include "apps/scratch_dir.hpp"
#include "apps/signals.hpp"

#include "journal/audit_tail.hpp"

namespace berth::apps::contend {

/// A daemon in a process of its own with a Chromium of its own, in a directory
/// that is gone with this object. One that is killed is followed by another.
/// The settings of the run are in our environment, so that whatever we start
/// has them and finds this daemon. What happens is read in the journal, which
/// goes on where a connection would break.
class own_daemon {
public:
  /// How often an end of a connection shows that it lives, and how long it
  /// may be silent: far less than usual, so that a run need not wait.
  static constexpr duration heartbeat = std::chrono::milliseconds{500};
  static constexpr duration silence_max = std::chrono::seconds{3};

  /// How long a daemon waits for the clients of the one before. It begins anew
  /// with each, and must be over between two.
  static constexpr duration return_within = std::chrono::seconds{3};

  own_daemon() : process_{true} {
    // nop
  }

  ~own_daemon();

  /// Called once, while no other thread looks at the environment.
  protocol::outcome<void> start(const run_options& how, const std::string& site,
                                const signal_watch& stop);

  /// What was written down since the last time, in order. What could not be
  /// read this time is read the next.
  protocol::outcome<std::vector<protocol::audit_row>> take_events();

  uint16_t port() const {
    return port_;
  }

  protocol::outcome<protocol::status> status();

  /// Of its Chromium, for faults that do not come through Berth.
  std::optional<std::string> debugging_address() const;

  /// Its exit status, if it ends within this time.
  std::optional<int> ended(std::chrono::milliseconds within);

  /// SIGKILL, of the Chromium that is marked as this daemon's. Returns when;
  /// none if there is none.
  std::optional<protocol::timestamp> kill_chromium();

  /// SIGKILL, of the daemon alone. Returns once the next one serves.
  protocol::outcome<void> kill(const signal_watch& stop);

  /// By SIGTERM. Returns the exit status; -1 if it did not end in time.
  int stop(duration patience);

  /// Processes of this daemon's Chromiums that do not end by themselves.
  uint64_t chromiums(duration within) const;

private:
  protocol::outcome<void> launch(const signal_watch& stop);
  protocol::outcome<void> connect();

  std::optional<scratch_dir> dir_;
  processes process_;
  pid_t pid_ = -1;
  uint16_t port_ = 0;
  std::optional<int> exit_;
  std::optional<journal::audit_tail> events_;
  std::optional<client::connection> link_;
};

} // namespace berth::apps::contend

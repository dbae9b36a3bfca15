#pragma once

#include "apps/contend/event_clock.hpp"
#include "apps/contend/tally.hpp"
#include "apps/processes.hpp"

namespace berth::apps::contend {

using protocol::timestamp;

/// The agents' processes: one for each seat, and another in its place when it
/// is killed. What they say and how they end goes to the tally.
class crew {
public:
  /// How long a command line's lease lives without a command.
  static constexpr duration ttl = std::chrono::seconds{10};

  crew(const run_options& how, tally& books, const event_clock& clock)
    : how_{how}, books_{books}, clock_{clock} {
    // nop
  }

  void fill();

  /// Waits so long at most for their words.
  void listen(std::chrono::milliseconds most);

  // -- who can be struck, and how

  /// Those that run, are not stopped and, unless `and_cli`, use the library:
  /// those that hold a tab, or all if none does.
  std::vector<std::string> candidates(bool and_cli) const;

  void kill(const std::string& name);
  void stop(const std::string& name, timestamp until);
  void resume(timestamp now); ///< Those whose time has come.

  // -- the end

  void dismiss();  ///< Tells all to end; nobody comes in their place.
  void kill_all(); ///< Those that have not ended.

  size_t running() const {
    return processes_.running();
  }

private:
  struct member {
    std::string name;
    size_t seat = 0;
    bool killed = false;
    std::optional<timestamp> stopped_until;
  };

  void start(size_t seat);
  void note_end(pid_t who, int exit);
  pid_t find(const std::string& name) const;

  bool by_cli(size_t seat) const {
    return seat % 2 == 0;
  }

  const run_options& how_;
  tally& books_;
  const event_clock& clock_;
  processes processes_{true};
  std::map<pid_t, member> members_;
  std::map<size_t, size_t> births_; ///< By seat.
  bool dismissed_ = false;
};

} // namespace berth::apps::contend

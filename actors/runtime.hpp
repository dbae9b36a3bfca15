// The whole daemon as a library: a host program embeds it, `berth serve` too.

#pragma once

#include "protocol/config.hpp"
#include "protocol/outcome.hpp"
#include "protocol/provider.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace berth {

class runtime {
public:
  /// Starts everything and waits until the browser is ready. Fails with
  /// `browser.unavailable` (why Chrome did not start), `request.invalid` (the
  /// configuration, the port in use, the state directory in use),
  /// `daemon.stopping` (`stop_requested`, polled a few times a second while
  /// the browser starts, returned true).
  /// Sessions can be held with the `known` providers, by their names.
  static protocol::outcome<runtime>
  start(protocol::config how, const std::function<bool()>& stop_requested = {},
        std::map<std::string, protocol::provider_profile> known = {});

  runtime(runtime&&) noexcept;
  runtime& operator=(runtime&&) noexcept;
  ~runtime(); ///< Stops, if that was not done.

  /// The port of the CAF door.
  uint16_t port() const;
  const std::string& state_dir() const;
  uint64_t epoch() const;
  /// "Chrome/156.0.8078.79"
  const std::string& browser() const;

  /// Waits until the runtime ended by itself (then: why), or `stop_requested`
  /// (polled a few times a second) returns true.
  std::string wait(const std::function<bool()>& stop_requested);

  /// Ends leases, tabs, Chrome and actors in order. Blocks.
  void stop();

private:
  struct impl;
  explicit runtime(std::unique_ptr<impl> x);
  std::unique_ptr<impl> impl_;
};

/// Where the state of a daemon lives if nothing else is said:
/// $BERTH_STATE_DIR, $XDG_STATE_HOME/berth, ~/.local/state/berth.
std::string default_state_dir();

/// The running daemon of a state directory, as it wrote itself down.
struct daemon_record {
  int64_t pid = 0;
  uint16_t port = 0;
  std::string host;
};

/// None if there is none, or the process is dead.
std::optional<daemon_record> find_daemon(const std::string& state_dir);

/// The version of this program and library: "0.1.0".
const char* version();

} // namespace berth

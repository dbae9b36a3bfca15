// The whole daemon as a library: a host program embeds it, `berth serve` too.

#pragma once

#include "protocol/config.hpp"
#include "protocol/outcome.hpp"
#include "protocol/provider.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>

namespace berth {

/// The daemon of a state directory, as it wrote itself down.
struct daemon_record {
  int64_t pid = 0;
  uint16_t port = 0; ///< 0: it has not opened its door yet.
  std::string host;
  std::string process; ///< No later process, with the same pid, is called so.
  std::string place;   ///< Where its pid means anything: boot, pid namespace.
  uint64_t epoch = 0;
  int64_t since = 0;                           ///< Seconds since 1970.
  std::string chrome;                          ///< "ready", or why not.
  std::string browser;                         ///< "Chrome/156.0.8078.79"
  std::map<std::string, std::string> settings; ///< That are not the defaults.

  friend bool operator==(const daemon_record&, const daemon_record&) = default;
};

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

  /// Reads the settings of all configured browsers anew, for one that is added.
  using browser_source = std::function<
    protocol::outcome<std::vector<protocol::browser_settings>>()>;

  /// The same, but if another daemon serves there, or is about to: that one.
  /// One that does not serve any more is replaced. Then fails also with
  /// `daemon.unreachable`: it can be neither joined nor replaced.
  static protocol::outcome<std::variant<runtime, daemon_record>>
  start_or_join(protocol::config how,
                const std::function<bool()>& stop_requested = {},
                std::map<std::string, protocol::provider_profile> known = {},
                browser_source configured = {});

  runtime(runtime&&) noexcept;
  runtime& operator=(runtime&&) noexcept;
  ~runtime(); ///< Stops, if that was not done.

  /// The port of the CAF door.
  uint16_t port() const;
  const std::string& state_dir() const;
  uint64_t epoch() const;
  /// "Chrome/156.0.8078.79"
  const std::string& browser() const;

  /// How often it was seen that all is well: about once a second.
  uint64_t looks() const;

  /// Waits until the runtime ended by itself (then: why), or `stop_requested`
  /// (polled a few times a second) returns true.
  std::string wait(const std::function<bool()>& stop_requested);

  /// Takes no new work, waits for runs under way (`stop.drain_within`), then
  /// ends leases, tabs, Chrome and actors in order. Blocks. Nothing of that is
  /// done if it ended by itself: the next daemon finds leases and runs there.
  void stop();

private:
  struct impl;
  explicit runtime(std::unique_ptr<impl> x);
  std::unique_ptr<impl> impl_;
};

/// Where the state of a daemon lives if nothing else is said:
/// $BERTH_STATE_DIR, $XDG_STATE_HOME/berth, ~/.local/state/berth.
std::string default_state_dir();

/// The same, whatever $BERTH_STATE_DIR says.
std::string usual_state_dir();

/// What is said, or else that.
std::string state_dir_of(const protocol::config& how);

/// None if there is none with a door, or its process is gone.
std::optional<daemon_record> find_daemon(const std::string& state_dir);

/// The version of this program and library: "0.1.0".
const char* version();

} // namespace berth

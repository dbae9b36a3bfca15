// All settings in one struct: the defaults here are the defaults everywhere.
// Where a value comes from (file, environment, flag) is not known here.

#pragma once

#include "protocol/admission_queue.hpp"
#include "protocol/browser.hpp"
#include "protocol/browser_care.hpp"
#include "protocol/browser_pulse.hpp"
#include "protocol/complaint.hpp"
#include "protocol/journal.hpp"
#include "protocol/lease_table.hpp"
#include "protocol/parked_pool.hpp"
#include "protocol/restart_budget.hpp"
#include "protocol/session_directory.hpp"
#include "protocol/session_machine.hpp"
#include "protocol/target_table.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::protocol {

/// What one tab may do at most.
struct tab_limits {
  duration command_default = std::chrono::seconds{30};
  duration command_max = std::chrono::minutes{10};
  size_t in_flight_max = 64;             ///< Commands under way; then refused.
  size_t request_max = size_t{16} << 20; ///< Bytes of one command's texts.
  size_t answer_max = size_t{64} << 20;  ///< Bytes of one answer.
  /// How long a tab that missed a deadline may take to show that it lives.
  duration probe = std::chrono::seconds{2};
  duration open_within = std::chrono::seconds{15}; ///< To make or recover one.
};

/// The door for clients on the CAF network.
struct door_limits {
  std::string host = "127.0.0.1";
  uint16_t port = 9334; ///< 0: any free one.
  duration heartbeat = std::chrono::seconds{1};
  duration silence_max = std::chrono::seconds{10}; ///< Then it is dead.
  size_t clients_max = 256;
  size_t message_max = size_t{64} << 20;
  /// Users that may connect, beside root and the daemon's own.
  std::vector<uint32_t> uids;
};

/// Of a browser that died more often than `restart` allows, while there is
/// another one.
struct quarantine_settings {
  duration lasts = std::chrono::minutes{1};
};

struct stop_settings {
  duration drain_within = std::chrono::seconds{10}; ///< For runs under way.
};

/// Where providers are known from.
struct provider_settings {
  std::string dir; ///< Of profiles. Empty: $XDG_CONFIG_HOME/berth/providers.
  std::map<std::string, std::string> origins; ///< `http://host:port`, by name.
};

/// Which files of the machine may be handed to a page.
struct upload_settings {
  /// Absolute paths. Empty: the user's home and the temporary directory.
  std::vector<std::string> dirs;
};

/// What `berth serve` says while it runs.
struct log_settings {
  static constexpr size_t size_least = size_t{64} << 10;
  static constexpr size_t kept_most = 100;

  std::string file;                  ///< Empty: standard error.
  size_t size_max = size_t{8} << 20; ///< Bytes of the file; then a new one.
  size_t kept = 3;                   ///< Full ones that are kept beside it.
};

struct config {
  std::string state_dir; ///< Empty: $XDG_STATE_HOME/berth or the like.
  std::string log_level = "info";
  log_settings log;
  uint64_t events_kept = 10000; ///< By the recorder, for `berth events`.
  duration orphans_after = std::chrono::seconds{10}; ///< Then the reaper acts.
  journal_limits journal;
  door_limits door;
  browser_settings browser;                    ///< The first one.
  std::vector<browser_settings> more_browsers; ///< Those beside it.
  stop_settings stop;
  provider_settings provider;
  upload_settings upload;
  tab_limits tab;
  admission_queue::limits admission;
  lease_table::limits lease;
  target_table::limits target;
  parked_pool::limits parked;
  session_directory::limits sessions;
  session_machine::limits session; ///< Of each one.
  restart_budget::limits restart;
  quarantine_settings quarantine;
  browser_pulse::limits pulse;
};

/// All that are configured; the first one comes first.
std::vector<browser_settings> browsers_of(const config& x);

/// Of the one that takes longest.
duration longest_of(const config& x, duration browser_settings::*what);

/// What is in force for one of them: its own settings as if it were the first
/// one, and its own caps.
config config_for(const config& x, const browser_settings& which);

/// What is wrong with one alone: also for one that is added later.
std::vector<complaint> validate(const browser_settings& x, const config& with);

/// Everything that is wrong, at once; empty if nothing is.
std::vector<complaint> validate(const config& x);

/// One setting as all sources of settings know it.
struct option {
  const char* name; ///< "admission.per_key": TOML's [admission] per_key.
  const char* kind; ///< "count", "bytes", "duration", "text", "yes/no", ...
  const char* doc;  ///< One sentence.
};

/// Every setting, in the order of the shipped example.
const std::vector<option>& options();

/// Its present value as text, as it would stand in a file. None: no such name.
std::optional<std::string>
get_option(const config& from, std::string_view name);

/// Sets it. Returns what is wrong with the text, or with the name (then with
/// the nearest valid one); none if it was set.
std::optional<std::string>
set_option(config& to, std::string_view name, std::string_view text);

/// Those that are not the defaults, by their names.
std::map<std::string, std::string> changed_options(const config& x);

/// Those of `wanted` that differ from the defaults and from what a daemon with
/// these changed options has: by their names, with what it has. Where it serves
/// is not compared: whoever asks has found it.
std::map<std::string, std::string>
options_not_in_force(const config& wanted,
                     const std::map<std::string, std::string>& changed);

/// The valid name that is nearest to this one, if any is near.
std::optional<std::string> nearest_option(std::string_view name);

} // namespace berth::protocol

// The browsers of a daemon: how each is configured, how it is, and what it says
// of itself. There is one for each name; what happens to one of them is never
// told in the words of another.

#pragma once

#include "protocol/enums.hpp"
#include "protocol/failure.hpp"
#include "protocol/principal.hpp"
#include "protocol/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::protocol {

struct browser_settings {
  browser_name name{"main"};
  std::string url;     ///< Attach to this one; empty: launch one.
  std::string program; ///< Empty: the first Chromium or Chrome on PATH.
  std::string profile; ///< Empty: in the state directory.
  bool headless = true;
  std::vector<std::string> flags; ///< Added to our own.
  duration start_within = std::chrono::seconds{20};
  duration stop_within = std::chrono::seconds{5};
  // Caps of its own; zero: those of `admission`.
  size_t per_key = 0;
  size_t global = 0;
  size_t tabs = 0;
  // Recycled when nobody uses it and one of these is reached; zero: never.
  duration age_max{};
  size_t tabs_made_max = 0;
  uint64_t memory_max = 0; ///< Bytes.

  friend bool operator==(const browser_settings&, const browser_settings&)
    = default;
};

/// Where it keeps its profile, below this state directory unless it is told.
std::string profile_of(const browser_settings& x, const std::string& state_dir);

/// Lower-case letters, digits, `-` and `_`; 32 at most.
bool is_browser_name(const browser_name& x);

enum class browser_health : uint8_t {
  starting,
  ready,
  waiting,     ///< It died, and is started again soon.
  stopped,     ///< It was told to end.
  quarantined, ///< It died too often, and rests before it is tried again.
  silent,      ///< It runs and answers nothing: it is waited for, or given up.
};

const char* to_string(browser_health x);

/// What decides whether it gets new leases, and what it says if it does not.
struct browser_standing {
  browser_name name;
  browser_health state{};
  bool draining = false; ///< An operator wants no new leases in it.
  std::string trouble;   ///< Why it is not ready; empty otherwise.
  duration again_in{};   ///< waiting, quarantined: until it is tried again.

  friend bool operator==(const browser_standing&, const browser_standing&)
    = default;
};

/// Whether new leases go there. One that is not ready yet may be waited for.
bool takes_leases(const browser_standing& x);

/// Why something cannot be done there now, in its own words.
failure why_not(const browser_standing& x);

/// There is none of this name.
failure no_such_browser(const browser_name& which);

// -- requests -----------------------------------------------------------------

enum class browser_change : uint8_t {
  drain,   ///< No new leases; those that are there go on.
  undrain, ///< Take new ones again.
  restart, ///< Its Chrome ends and starts anew; its tabs are lost.
  remove,  ///< End it. Refused while it has leases, unless it was drained.
};

template <>
constexpr browser_change last_of() {
  return browser_change::remove;
}

const char* to_string(browser_change x);

/// In the operator's name. Answered with its `browser_view`.
struct change_browser {
  browser_name which;
  browser_change what{};
  principal by = {}; ///< Of the door.
};

/// One more, for this daemon's life. Answered once it is ready, or with why it
/// is not. Which program runs, with which flags and profile, is for the
/// daemon's own settings to say, and crosses no wire.
struct add_browser {
  browser_name name;
  std::string url; ///< Attach to this one, on loopback; empty: as configured.
  // Zero: as configured.
  duration start_within{};
  duration stop_within{};
  size_t per_key = 0;
  size_t global = 0;
  size_t tabs = 0;
  duration age_max{};
  size_t tabs_made_max = 0;
  uint64_t memory_max = 0;
  principal by = {}; ///< Of the door.
};

/// What is configured for the one to be added: its own settings if it has any,
/// else what is said of the first one, but for its profile and its `url`; and
/// what the request adds. Refused: a `url` that is not on loopback.
/// @param all At least one.
std::optional<failure>
settle(const add_browser& what, const std::vector<browser_settings>& all,
       browser_settings& out);

/// `http://`, `https://`, `ws://` or `wss://` and 127.0.0.0/8, `localhost` or
/// `[::1]`.
bool is_on_loopback(std::string_view url);

// -- views --------------------------------------------------------------------

struct browser_view {
  browser_health state{};
  bool managed = true;
  std::string product;  ///< "Chrome/156.0.8078.79"
  std::string endpoint; ///< Of an attached one: its address.
  int64_t pid = 0;      ///< 0 for an attached one.
  uint64_t starts = 0;  ///< How often it was started or connected to.
  uint64_t tabs = 0;    ///< Pages that belong to leases, popups too.
  uint64_t unowned = 0; ///< Pages that belong to nobody.
  uint64_t parked = 0;  ///< Pages that wait for the next lease of their key.
  std::string trouble;  ///< Why it is not ready; empty otherwise.
  browser_name name;
  bool draining = false;
  duration since{};    ///< How long it has been in this state.
  duration again_in{}; ///< waiting, quarantined: until it is tried again.
  uint64_t deaths = 0; ///< How often it ended by itself.
  uint64_t slots = 0;  ///< Taken by leases.
  uint64_t slots_max = 0;
  uint64_t tabs_max = 0;
  uint64_t waiting = 0; ///< Tickets in its line.

  friend bool operator==(const browser_view&, const browser_view&) = default;
};

browser_standing standing_of(const browser_view& x);

/// The first one that is ready, else the first one: what is said of all of
/// them at once. There must be one.
const browser_view& best_of(const std::vector<browser_view>& all);

} // namespace berth::protocol

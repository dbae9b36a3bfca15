// What the seed draws before a contention run begins: which fault strikes
// when. Whom it strikes is drawn as a number, since who can be struck is only
// known then.

#pragma once

#include "protocol/types.hpp"

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace berth::apps::contend {

using protocol::duration;

enum class fault : uint8_t {
  kill_agent,    ///< SIGKILL, of an agent and all that it runs.
  stop_agent,    ///< SIGSTOP for longer than the daemon bears, then SIGCONT.
  crash_page,    ///< The renderer of a leased tab crashes.
  kill_chromium, ///< SIGKILL of the whole browser.
  kill_daemon,   ///< SIGKILL, and another one is started in its place.
};

inline constexpr std::array all_faults{fault::kill_agent, fault::stop_agent,
                                       fault::crash_page, fault::kill_chromium,
                                       fault::kill_daemon};

/// Those that strike if nothing else is said.
inline constexpr std::array usual_faults{fault::kill_agent, fault::stop_agent,
                                         fault::crash_page,
                                         fault::kill_chromium};

/// As flags and JSON name it: kill, stop, crash, chromium, daemon.
const char* flag_of(fault x);
std::optional<fault> parse_fault(std::string_view name);

/// For people: "agent killed".
const char* title_of(fault x);

/// Where there is no room for more: K, S, C, X, D.
char letter_of(fault x);

struct strike {
  duration at{}; ///< Since the run began.
  fault what{};
  uint64_t pick = 0; ///< Modulo the number of those who can be struck.

  friend bool operator==(const strike&, const strike&) = default;
};

inline constexpr size_t kills_per_round = 3;

struct plan_options {
  uint64_t seed = 1;
  duration length{};
  duration every{}; ///< About so often one strikes. Zero: never.
  duration calm{};  ///< None strikes so shortly before the end.
  std::vector<fault> faults{usual_faults.begin(), usual_faults.end()};
  std::map<fault, duration> paced; ///< These come about so often, besides.
};

/// In the order of time. Of `faults`, every kind comes once in each round of
/// faults; killed agents, whom it is all about, come `kills_per_round` times.
std::vector<strike> draw_plan(const plan_options& how);

} // namespace berth::apps::contend

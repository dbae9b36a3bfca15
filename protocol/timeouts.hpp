// How long a run may take, and what hangs on that.
//
// One deadline drives the session, its run and its lease. An explicit timeout
// always wins; else the provider's own for the effort, else the effort's tier.

#pragma once

#include "protocol/complaint.hpp"
#include "protocol/types.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::protocol {

/// How long answers of a kind take.
enum class tier : uint8_t {
  instant,
  standard,
  thinking,
  pro,
  heavy,
  deep_research,
};

inline constexpr size_t tier_count = size_t(tier::deep_research) + 1;

const char* to_string(tier x);

/// None if no tier has this name.
std::optional<tier> parse_tier(std::string_view name);

/// What one effort of a provider means for time.
struct effort_time {
  tier kind = tier::standard;
  duration timeout{}; ///< Zero: the tier's.

  friend bool operator==(const effort_time&, const effort_time&) = default;
};

/// What one provider says about time.
struct provider_times {
  std::map<std::string, effort_time> efforts;
  std::string effort_default; ///< For a prompt that names none.

  friend bool operator==(const provider_times&, const provider_times&)
    = default;
};

struct timeouts {
  using seconds = std::chrono::seconds;

  /// In the order of `tier`.
  std::array<duration, tier_count> of_tier{seconds{120},  seconds{600},
                                           seconds{600},  seconds{3600},
                                           seconds{3600}, seconds{3600}};
  std::map<std::string, provider_times> of_provider;
  duration heartbeat = seconds{60}; ///< How often a run shows that it lives.
  duration silence = seconds{180};  ///< Then its tab is taken for lost.
  duration grace = seconds{120};    ///< What a lease outlives its run by.
  duration explicit_max = std::chrono::minutes{118}; ///< Of what is asked for.
};

/// What the prompt's effort means at this provider; `standard` if neither the
/// effort nor the provider is known.
effort_time effort_at(const timeouts& from, const std::string& provider,
                      const std::string& effort);

/// How long a run may take. `wanted` wins unless it is zero.
duration run_time(const timeouts& from, const std::string& provider,
                  const std::string& effort, duration wanted);

/// When the lease of a run ends that ends at `deadline` itself.
timestamp lease_deadline(const timeouts& from, timestamp deadline);

/// Everything that is wrong, at once. A run with its grace must fit into the
/// longest lease, so that nothing has a shorter life than the run.
std::vector<complaint> validate(const timeouts& x, duration lease_max);

} // namespace berth::protocol

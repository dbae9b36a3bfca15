// What of a profile is true of a page, right now.

#pragma once

#include "protocol/provider.hpp"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace berth::apps {

struct selector_count {
  std::string field; ///< `parts.send`, `models.big[0]`
  std::string selector;
  bool valid = true; ///< It is a CSS selector.
  uint64_t matches = 0;
  uint64_t visible = 0; ///< Of the matches.

  friend bool operator==(const selector_count&, const selector_count&)
    = default;
};

struct provider_check {
  std::string url; ///< Where the page ended up.
  bool conversation = false;
  std::vector<selector_count> counts;
  uint64_t hidden = 0; ///< Frames of other sites, that were not looked into.
  std::vector<std::string> complaints; ///< Empty: it can be used here.
};

/// JavaScript that waits until the page has a composer (and in a conversation
/// a turn), or something stands in the way, or ten seconds; then counts.
std::string
check_script(const protocol::provider_profile& of, bool conversation);

/// What the script answered; nothing if it is not its answer.
std::optional<provider_check>
read_check(const protocol::provider_profile& of, const nlohmann::json& answer);

} // namespace berth::apps

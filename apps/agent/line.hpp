// What an agent's process says on its stdout, a JSON object a line: whoever
// started it counts by these.

#pragma once

#include "protocol/failure.hpp"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace berth::apps {

enum class saying : uint8_t {
  granted,  ///< lease: it has a tab.
  did,      ///< commands: so many answers since it last said so.
  failed,   ///< why: a request or a command was not carried out.
  mistaken, ///< lease, expected, got: an answer that is not its own page's.
  released, ///< lease: it gave its tab back.
};

struct agent_line {
  std::string agent;
  saying says{};
  protocol::lease_ref lease;
  uint64_t commands = 0;
  protocol::failure why;
  std::string expected;
  std::string got;

  friend bool operator==(const agent_line&, const agent_line&) = default;
};

nlohmann::json to_json(const agent_line& x);

/// None if it is anything else.
std::optional<agent_line> parse_agent_line(std::string_view text);

/// What `to_json(failure)` wrote, as far as an agent acts on it: code, words
/// and `retry_after`. None if it is no failure.
std::optional<protocol::failure> parse_failure(const nlohmann::json& x);

} // namespace berth::apps

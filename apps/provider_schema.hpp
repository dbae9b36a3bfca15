#pragma once

#include "protocol/config.hpp"

#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace berth::apps {

/// Everything in which this is not a profile by provider.schema.json: what an
/// editor says, too. `read_provider` knows more, and says it better.
std::vector<protocol::complaint> judge_by_schema(const nlohmann::json& x);

} // namespace berth::apps

#pragma once

#include "protocol/types.hpp"

#include <ctime>
#include <optional>
#include <string>

namespace berth::apps {

/// How long it is until then: `+2h`, `14:30` (today or tomorrow),
/// `2026-11-22T08:00`; both of the local time zone. None if the text is
/// anything else, or that was before `now`.
std::optional<protocol::duration>
until_moment(const std::string& text, std::time_t now);

} // namespace berth::apps

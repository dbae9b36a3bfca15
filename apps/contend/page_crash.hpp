#pragma once

#include "protocol/types.hpp"

#include <optional>
#include <string>

namespace berth::apps::contend {

/// Crashes the renderer of this page, over a connection of its own to Chrome:
/// Berth's clients may not do that. Returns when Chrome was told to; none if
/// it was not reached or has no such page.
std::optional<protocol::timestamp>
crash_page(const std::string& endpoint, const protocol::target_id& target);

} // namespace berth::apps::contend

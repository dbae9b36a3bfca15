// Answers as people read them (tables) and as programs do (a JSON object a
// line).

#pragma once

#include "protocol/event.hpp"
#include "protocol/request.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace berth::apps {

nlohmann::json to_json(const protocol::failure& x);
nlohmann::json to_json(const protocol::grant& x);
nlohmann::json to_json(const protocol::event& x);
nlohmann::json to_json(const protocol::status& x);
nlohmann::json to_json(const protocol::lease_view& x);
nlohmann::json to_json(const protocol::browser_view& x);

/// One line of JSON on stdout. Bytes that are not UTF-8 are replaced; a
/// terminal gets ASCII only.
void print_line(const nlohmann::json& x);

/// A text that is printed for its own sake (of a page, an answer): for a
/// terminal with its control characters shown as escapes, else as it is.
std::string to_be_shown(std::string_view document);

// Below, whatever comes from a page or a client is escaped, on one line.

/// Columns as wide as they need to be; the first row is the head.
std::string to_table(std::vector<std::vector<std::string>> rows);

std::string to_text(const protocol::status& x);
std::string to_text(const std::vector<protocol::lease_view>& x);
std::string to_text(const protocol::browser_view& x);
std::string to_text(const protocol::failure& x);
std::string to_text(const protocol::event& x);

} // namespace berth::apps

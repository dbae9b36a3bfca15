// Sessions and runs as people read them and as programs do.

#pragma once

#include "protocol/session_view.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace berth::apps {

nlohmann::json to_json(const protocol::run_view& x);
nlohmann::json to_json(const protocol::session_view& x);

/// `run 3 polling, 12s, 9m 48s left, 340 characters`
std::string to_text(const protocol::run_view& x);

/// The session, and a table of its runs.
std::string to_text(const protocol::session_view& x);

/// A table, a row for each.
std::string to_text(const std::vector<protocol::session_view>& x);

enum class answer_format { text, markdown, json };

/// The answer of a complete run, to be kept: with `markdown` under the
/// conversation's title and address.
std::string answer_of(const protocol::run_view& x, answer_format how);

} // namespace berth::apps

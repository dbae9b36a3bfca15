#pragma once

#include "protocol/failure.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace berth::apps {

/// Makes the file, or replaces it, as a whole: if that fails, what was there is
/// as it was. What is no regular file (a pipe, a terminal) is written to.
/// Returns why it could not be written, as `output.failed`.
std::optional<protocol::failure>
write_whole(const std::string& path, std::string_view bytes);

} // namespace berth::apps

#pragma once

#include <cstddef>
#include <string_view>

namespace berth::protocol {

/// What copies or writes a JSON value goes as deep as that is nested, and a
/// stack ends. Chrome's own values are never as deep as this.
inline constexpr std::size_t json_depth_max = 512;

/// Whether the text nests lists and objects deeper than that. It may be no
/// JSON: then whoever parses it says so.
bool is_too_deep(std::string_view json, std::size_t most = json_depth_max);

} // namespace berth::protocol

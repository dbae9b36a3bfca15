#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace berth::cdp {

/// The bytes that this base64 text stands for (RFC 4648, padded, no line
/// breaks: as CDP writes it). None if it is anything else.
std::optional<std::string> decode_base64(std::string_view text);

/// The same the other way.
std::string encode_base64(std::string_view bytes);

} // namespace berth::cdp

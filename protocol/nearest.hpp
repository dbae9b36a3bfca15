// What may have been meant by a word that is not known.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace berth::protocol {

/// Of `to`, what is spelt most like `name`, if anything is like it at all. A
/// name of more than 64 characters is like nothing.
std::optional<std::string>
nearest(std::string_view name, std::span<const std::string> to);

} // namespace berth::protocol

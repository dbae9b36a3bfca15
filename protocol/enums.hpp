// What holds for every enumeration whose values are 0, 1, 2, ...

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace berth::protocol {

/// The last value there is. Said beside the enumeration: one without it crosses
/// no wire and is in no journal.
template <class Enum>
constexpr Enum last_of() = delete;

template <class Enum>
constexpr size_t count_of() {
  return static_cast<size_t>(last_of<Enum>()) + 1;
}

/// Whether a number that came from elsewhere is a value of it.
template <class Enum>
constexpr bool is_value_of(uint64_t number) {
  return number <= static_cast<uint64_t>(last_of<Enum>());
}

/// The value of this name, as `to_string` has it.
template <class Enum>
std::optional<Enum> parse_word(std::string_view name) {
  for (uint64_t i = 0; is_value_of<Enum>(i); ++i)
    if (name == to_string(static_cast<Enum>(i)))
      return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace berth::protocol

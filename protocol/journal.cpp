#include "protocol/journal.hpp"

namespace berth::protocol {

const char* to_string(durability x) {
  switch (x) {
    case durability::full:
      return "full";
    case durability::normal:
      return "normal";
    case durability::memory:
      return "memory";
  }
  return "unknown";
}

std::optional<durability> parse_durability(std::string_view text) {
  for (auto x : {durability::full, durability::normal, durability::memory})
    if (text == to_string(x))
      return x;
  return std::nullopt;
}

} // namespace berth::protocol

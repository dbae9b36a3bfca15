#include "protocol/json_depth.hpp"

namespace berth::protocol {

bool is_too_deep(std::string_view json, std::size_t most) {
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto c = json[i];
    if (in_text) {
      if (c == '\\')
        ++i; // What it escapes ends no text.
      else if (c == '"')
        in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > most)
        return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

} // namespace berth::protocol

// JSON text, put together from left to right: the fake Chrome says a lot, and
// a tree of values for each word would be most of what a swarm costs.

#pragma once

#include <string>
#include <string_view>

namespace berth::tests {

/// `text` in quotes. What Chrome says of itself has few characters to escape.
inline std::string quoted(std::string_view text) {
  std::string result{'"'};
  for (auto c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result += '"';
}

class json_object {
public:
  json_object& text(std::string_view key, std::string_view value) {
    return raw(key, quoted(value));
  }

  json_object& flag(std::string_view key, bool value) {
    return raw(key, value ? "true" : "false");
  }

  /// `value` is JSON.
  json_object& raw(std::string_view key, std::string_view value) {
    text_ += text_.size() > 1 ? ",\"" : "\"";
    text_.append(key).append("\":").append(value);
    return *this;
  }

  std::string str() const {
    return text_ + '}';
  }

private:
  std::string text_{'{'};
};

} // namespace berth::tests

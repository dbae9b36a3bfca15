// Where the values of a JSON text are: parsers tell only where it is broken.

#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace berth::apps {

class json_lines {
public:
  /// Of a text that a parser has taken.
  explicit json_lines(std::string_view text);

  /// The line of `parts.send[1]`, or of the nearest around it that is there.
  size_t at(std::string path) const;

  /// Fields that an object has twice, in order.
  const std::vector<std::string>& doubled() const {
    return doubled_;
  }

private:
  void value(const std::string& path);
  void members(const std::string& path);
  void elements(const std::string& path);
  void gap();
  std::string_view string();

  std::string_view left_;
  size_t line_ = 1;
  std::map<std::string, size_t> lines_;
  std::vector<std::string> doubled_;
};

/// The line of this byte, counted from 1.
size_t line_of(std::string_view text, size_t byte);

/// Whether this path is the other, or leads into it: `parts.send[1]` is within
/// `parts`, and everything is within the empty one.
bool is_within(std::string_view inner, std::string_view outer);

} // namespace berth::apps

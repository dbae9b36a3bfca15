#include "apps/json_lines.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace berth::apps {

json_lines::json_lines(std::string_view text) : left_{text} {
  gap();
  value("");
}

size_t json_lines::at(std::string path) const {
  for (;;) {
    if (auto known = lines_.find(path); known != lines_.end())
      return known->second;
    auto end = path.find_last_of(".[");
    path.resize(end == std::string::npos ? 0 : end);
  }
}

void json_lines::value(const std::string& path) {
  lines_.try_emplace(path, line_);
  if (left_.starts_with('{'))
    members(path);
  else if (left_.starts_with('['))
    elements(path);
  else if (left_.starts_with('"'))
    string();
  else // A number or a word.
    left_.remove_prefix(
      std::min(left_.find_first_of(",]} \t\r\n"), left_.size()));
  gap();
}

void json_lines::members(const std::string& path) {
  left_.remove_prefix(1);
  for (gap(); left_.starts_with('"'); gap()) {
    auto name = nlohmann::json::parse(string()).get<std::string>();
    auto child = path;
    if (!child.empty())
      child += '.';
    child += name;
    if (!lines_.try_emplace(child, line_).second)
      doubled_.push_back(child);
    gap(); // And the colon.
    value(child);
  }
  left_.remove_prefix(1);
}

void json_lines::elements(const std::string& path) {
  left_.remove_prefix(1);
  gap();
  for (size_t i = 0; !left_.starts_with(']'); ++i)
    value(path + "[" + std::to_string(i) + "]");
  left_.remove_prefix(1);
}

/// What is between two values means nothing here.
void json_lines::gap() {
  auto size = std::min(left_.find_first_not_of(" \t\r\n,:"), left_.size());
  auto passed = left_.substr(0, size);
  line_ += static_cast<size_t>(std::ranges::count(passed, '\n'));
  left_.remove_prefix(size);
}

/// With its quotes.
std::string_view json_lines::string() {
  size_t end = 1;
  while (left_[end] != '"')
    end += left_[end] == '\\' ? 2 : 1;
  auto result = left_.substr(0, end + 1);
  left_.remove_prefix(result.size());
  return result;
}

size_t line_of(std::string_view text, size_t byte) {
  auto before = text.substr(0, byte);
  return 1 + static_cast<size_t>(std::ranges::count(before, '\n'));
}

bool is_within(std::string_view inner, std::string_view outer) {
  if (!inner.starts_with(outer))
    return false;
  inner.remove_prefix(outer.size());
  return outer.empty() || inner.empty() || inner[0] == '.' || inner[0] == '[';
}

} // namespace berth::apps

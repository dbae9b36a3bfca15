#include "cdp/upload_policy.hpp"

#include <algorithm>
#include <optional>

namespace berth::cdp {

namespace {

/// The path from the directory on; none if it is not in it.
std::optional<std::string_view>
below(std::string_view path, std::string_view dir) {
  while (dir.ends_with('/'))
    dir.remove_suffix(1);
  if (!path.starts_with(dir) || path.size() <= dir.size() + 1
      || path[dir.size()] != '/')
    return std::nullopt;
  return path.substr(dir.size() + 1);
}

bool is_or_is_below(std::string_view path, std::string_view dir) {
  while (dir.ends_with('/'))
    dir.remove_suffix(1);
  return path == dir || below(path, dir);
}

bool is_hidden(std::string_view path) {
  return path.starts_with('.') || path.find("/.") != std::string_view::npos;
}

} // namespace

std::string
refuse_upload(std::string_view path, std::span<const std::string> dirs,
              std::span<const std::string> never) {
  auto quoted = "'" + std::string{path} + "'";
  for (const auto& x : never)
    if (is_or_is_below(path, x))
      return quoted + " belongs to Berth itself.";
  bool hidden = false;
  for (const auto& x : dirs)
    if (auto inside = below(path, x)) {
      if (!is_hidden(*inside))
        return {};
      hidden = true;
    }
  if (hidden)
    return quoted + " is hidden: a part of its path begins with a dot.";
  for (const auto& x : dirs)
    if (is_or_is_below(path, x))
      return quoted
             + " is itself a directory that files may be exchanged with: name "
               "a file or a directory in it.";
  auto result = quoted
                + " is in none of the directories that files may be "
                  "exchanged with";
  for (size_t i = 0; i < dirs.size(); ++i)
    result += (i == 0 ? ": " : ", ") + dirs[i];
  return result + ".";
}

} // namespace berth::cdp

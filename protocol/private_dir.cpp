#include "protocol/private_dir.hpp"

#include <string_view>

namespace berth::protocol {

namespace {

constexpr unsigned others = 0077;
constexpr unsigned whole = 0700;
constexpr unsigned shared = 01000; ///< The sticky bit.

std::string octal(unsigned mode) {
  std::string result;
  for (int shift = 6; shift >= 0; shift -= 3)
    result += static_cast<char>('0' + ((mode >> shift) & 7));
  return result;
}

} // namespace

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain
    = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos)
    return text;
  std::string result = "'";
  for (char c : text)
    if (c == '\'')
      result += "'\\''";
    else
      result += c;
  return result + "'";
}

std::string objection(const std::string& what, const std::string& path,
                      const path_facts& seen, std::uint64_t user) {
  auto named = what + " '" + path + "' ";
  switch (seen.kind) {
    case path_kind::missing:
      return {};
    case path_kind::link:
      return named
             + "is a symbolic link, and links are not followed here. Give the "
               "path that it points to.";
    case path_kind::other:
      return named + "is a file, not a directory. Choose another path.";
    case path_kind::directory:
      break;
  }
  if (seen.owner != user)
    return named + "belongs to user " + std::to_string(seen.owner)
           + ", and this process runs as user " + std::to_string(user)
           + ". Run as its owner, or choose another directory.";
  auto word = shell_word(path);
  if ((seen.mode & shared) != 0)
    return named + "is shared by all users. Choose a directory of your own.";
  if ((seen.mode & others) != 0)
    return named + "is open to other users (mode " + octal(seen.mode)
           + "). If nobody else needs it: chmod 700 " + word
           + ". Or choose another directory.";
  if ((seen.mode & whole) != whole)
    return named + "cannot be used by its own owner (mode " + octal(seen.mode)
           + "): chmod 700 " + word + ".";
  return {};
}

} // namespace berth::protocol

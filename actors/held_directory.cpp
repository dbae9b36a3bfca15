#include "actors/held_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
#include <functional>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace berth::actors {

namespace fs = std::filesystem;

using protocol::errc;
using protocol::outcome;

namespace {

constexpr int names_max = 1000;
constexpr size_t copied_at_once = size_t{1} << 20;

/// `report.pdf`, `report (1).pdf`, `report (2).pdf`, ...
std::string numbered(const fs::path& name, int number) {
  if (number == 0)
    return name.string();
  return fmt::format("{} ({}){}", name.stem().string(), number,
                     name.extension().string());
}

/// Of `errno`, which stays.
protocol::failure not_taken(const std::string& name) {
  auto code = errno;
  auto result = protocol::fail(errc::file_denied,
                               "'" + name + "' cannot be made: "
                                 + std::generic_category().message(code) + ".");
  errno = code;
  return result;
}

bool copy_all(int from, int to) {
  for (;;) {
    auto count = ::sendfile(to, from, nullptr, copied_at_once);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return count == 0;
  }
}

/// False, and `errno`: it was not made.
bool copy_as(const fs::path& from, int directory, const std::string& name) {
  int source = ::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (source < 0)
    return false;
  int made = ::openat(directory, name.c_str(),
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  bool whole = made >= 0 && copy_all(source, made) && ::fsync(made) == 0;
  auto why = errno;
  ::close(source);
  if (made >= 0)
    ::close(made);
  if (made >= 0 && !whole)
    ::unlinkat(directory, name.c_str(), 0);
  if (whole)
    ::unlink(from.c_str());
  errno = why;
  return whole;
}

} // namespace

std::shared_ptr<held_directory> held_directory::open(const std::string& path) {
  int fd = ::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return nullptr;
  return std::shared_ptr<held_directory>{new held_directory{fd}};
}

held_directory::~held_directory() {
  ::close(fd_);
}

std::string held_directory::path() const {
  std::error_code gone;
  auto result = fs::read_symlink("/proc/self/fd/" + std::to_string(fd_), gone);
  // One that was removed is told as "/where/it/was (deleted)".
  return gone || !fs::is_directory(result, gone) ? "" : result.string();
}

namespace {

/// As the first of its names that is free.
/// @param place False, and `errno`: it was not placed as this name.
outcome<std::string>
place_as(const std::string& name,
         const std::function<bool(const std::string&)>& place) {
  for (int i = 0; i < names_max; ++i) {
    auto to = numbered(name, i);
    if (place(to))
      return to;
    if (errno != EEXIST)
      return not_taken(to);
  }
  return protocol::fail(errc::file_denied,
                        "There are too many files named '" + name + "'.");
}

} // namespace

outcome<std::optional<std::string>>
held_directory::move(const fs::path& from, const std::string& name) const {
  auto placed = place_as(name, [&](const std::string& to) {
    return ::renameat2(AT_FDCWD, from.c_str(), fd_, to.c_str(),
                       RENAME_NOREPLACE)
           == 0;
  });
  if (placed)
    return std::optional{std::move(*placed)};
  // EINVAL: the file system cannot rename without replacing.
  if (errno == EXDEV || errno == EINVAL)
    return std::optional<std::string>{};
  return placed.error();
}

outcome<std::string>
held_directory::copy(const fs::path& from, const std::string& name) const {
  return place_as(name, [&](const std::string& to) {
    return copy_as(from, fd_, to);
  });
}

} // namespace berth::actors

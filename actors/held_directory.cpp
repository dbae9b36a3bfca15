#include "actors/held_directory.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/core.h>
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

/// Of `errno`.
protocol::failure not_taken(const std::string& name) {
  return protocol::fail(errc::file_denied,
                        "'" + name + "' cannot be made: "
                          + std::generic_category().message(errno) + ".");
}

bool copy(int from, int to) {
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
  bool whole = made >= 0 && copy(source, made) && ::fsync(made) == 0;
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

bool held_directory::is_elsewhere(const fs::path& from) const {
  struct stat here {};
  struct stat there {};
  return ::fstat(fd_, &here) == 0 && ::lstat(from.c_str(), &there) == 0
         && here.st_dev != there.st_dev;
}

outcome<std::string>
held_directory::take(const fs::path& from, const std::string& name) const {
  bool copies = is_elsewhere(from);
  for (int i = 0; i < names_max; ++i) {
    auto to = numbered(name, i);
    bool done = copies ? copy_as(from, fd_, to)
                       : ::renameat2(AT_FDCWD, from.c_str(), fd_, to.c_str(),
                                     RENAME_NOREPLACE)
                           == 0;
    if (done)
      return to;
    if (!copies && (errno == EXDEV || errno == EINVAL)) {
      copies = true; // What is mounted there cannot be reached by renaming.
      --i;
    } else if (errno != EEXIST)
      return not_taken(to);
  }
  return protocol::fail(errc::file_denied,
                        "There are too many files named '" + name + "'.");
}

} // namespace berth::actors

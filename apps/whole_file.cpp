#include "apps/whole_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::apps {

using namespace protocol;

namespace {

namespace fs = std::filesystem;

/// Writes and closes. False, and `errno`: not all of it.
bool write_all(int file, std::string_view bytes) {
  bool good = true;
  while (good && !bytes.empty()) {
    auto count = ::write(file, bytes.data(), bytes.size());
    if (count >= 0)
      bytes.remove_prefix(static_cast<size_t>(count));
    else
      good = errno == EINTR;
  }
  auto why = errno;
  if (::close(file) != 0)
    return false;
  errno = why;
  return good;
}

/// Of a file that is new: as the user has it for all of them.
mode_t usual_mode() {
  auto mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

bool replace(const std::string& path, std::string_view bytes, mode_t mode) {
  auto fresh = path + ".XXXXXX"; // For mkstemp to fill.
  int file = ::mkostemp(fresh.data(), O_CLOEXEC);
  if (file < 0)
    return false;
  bool done = ::fchmod(file, mode) == 0;
  if (!done)
    ::close(file);
  done = done && write_all(file, bytes)
         && ::rename(fresh.c_str(), path.c_str()) == 0;
  auto why = errno;
  if (!done)
    ::unlink(fresh.c_str());
  errno = why;
  return done;
}

bool write_into(const std::string& path, std::string_view bytes) {
  int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return file >= 0 && write_all(file, bytes);
}

/// Where a link leads to, also if there is nothing yet.
std::string meant_by(fs::path path) {
  constexpr int links_max = 40;
  std::error_code failed;
  for (int i = 0; i < links_max && fs::is_symlink(path, failed); ++i)
    path = path.parent_path() / fs::read_symlink(path, failed);
  return path.string();
}

} // namespace

std::optional<failure>
write_whole(const std::string& path, std::string_view bytes) {
  auto real = meant_by(path);
  struct stat there {};
  bool is_there = ::stat(real.c_str(), &there) == 0;
  bool done
    = is_there && !S_ISREG(there.st_mode)
        ? write_into(real, bytes)
        : replace(real, bytes, is_there ? there.st_mode & 07777 : usual_mode());
  if (done)
    return std::nullopt;
  return fail(errc::output_failed, "'" + path + "' cannot be written: "
                                     + std::strerror(errno) + '.');
}

} // namespace berth::apps

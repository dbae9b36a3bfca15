#include "cdp/transport/chrome_log.hpp"

#include "cdp/transport/private_path.hpp"

#include <algorithm>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::cdp {

namespace {

/// Of the last `chrome_log_kept` bytes what is in whole lines.
std::string end_of(const std::string& path) {
  std::string result;
  int file
    = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat seen {};
  if (file >= 0 && ::fstat(file, &seen) == 0 && S_ISREG(seen.st_mode)) {
    result.resize(chrome_log_kept);
    auto from
      = std::max(seen.st_size - static_cast<off_t>(chrome_log_kept), off_t{0});
    auto got = ::pread(file, result.data(), result.size(), from);
    result.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    result.erase(0, from > 0 ? result.find('\n') + 1 : 0);
  }
  if (file >= 0)
    ::close(file);
  return result;
}

/// As far as there is room; false: not all of it.
bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    auto got = ::write(file, text.data(), text.size());
    if (got <= 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(got));
  }
  return true;
}

} // namespace

bool is_full(const std::string& log) {
  struct stat seen {};
  return ::lstat(log.c_str(), &seen) == 0 && S_ISREG(seen.st_mode)
         && static_cast<std::size_t>(seen.st_size) > chrome_log_max;
}

void cut_log(const std::string& log) {
  int file = open_private_log(log);
  if (file < 0)
    return;
  auto beside = log + ".1";
  ::unlink(beside.c_str());
  int copy = ::open(beside.c_str(),
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  bool kept = copy >= 0 && write_all(copy, end_of(log));
  if (copy >= 0)
    ::close(copy);
  // Also where there is no room for its end: it must not grow on.
  if (::ftruncate(file, 0) == 0)
    write_all(file, kept ? "[the log was full: its end is in the file .1]\n"
                         : "[the log was full, and its end is lost]\n");
  ::close(file);
}

} // namespace berth::cdp

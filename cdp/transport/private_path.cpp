#include "cdp/transport/private_path.hpp"

#include "protocol/private_dir.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::cdp {

namespace {

namespace fs = std::filesystem;

using protocol::path_facts;
using protocol::path_kind;

path_kind kind_of(mode_t mode) {
  if (S_ISLNK(mode))
    return path_kind::link;
  return S_ISDIR(mode) ? path_kind::directory : path_kind::other;
}

/// False: it cannot be known, see `errno`.
bool look(const std::string& path, path_facts& result) {
  struct stat seen {};
  result = {};
  if (::lstat(path.c_str(), &seen) == 0)
    result = {kind_of(seen.st_mode), seen.st_uid, seen.st_mode & 07777u};
  else
    return errno == ENOENT;
  return true;
}

std::string without_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/')
    path.pop_back(); // Else a link there would be followed.
  return path;
}

/// -1: it is none, or cannot be opened.
int regular(int file) {
  struct stat seen {};
  if (file < 0 || (::fstat(file, &seen) == 0 && S_ISREG(seen.st_mode)))
    return file;
  ::close(file);
  errno = EINVAL;
  return -1;
}

} // namespace

std::string private_dir(const std::string& what, const std::string& given) {
  auto path = without_slash(given);
  auto cannot = [&](const char* verb) {
    return what + " '" + path + "' cannot be " + verb + ": "
           + std::strerror(errno) + ".";
  };
  path_facts seen;
  if (!look(path, seen))
    return cannot("looked at");
  if (seen.kind == path_kind::missing) {
    std::error_code failed;
    if (auto above = fs::path{path}.parent_path(); !above.empty())
      fs::create_directories(above, failed);
    if (::mkdir(path.c_str(), 0700) == 0)
      ::chmod(path.c_str(), 0700); // Whatever the umask is.
    else if (errno != EEXIST)
      return cannot("made");
    if (!look(path, seen)) // Perhaps somebody else has made it just now.
      return cannot("looked at");
  }
  return protocol::objection(what, path, seen, ::geteuid());
}

std::string read_private(const std::string& path, std::size_t bytes_max) {
  int file = regular(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK
                                            | O_NOCTTY | O_CLOEXEC));
  std::string result;
  if (file < 0)
    return result;
  char part[4096];
  while (result.size() < bytes_max) {
    auto got = ::read(file, part, sizeof part);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    result.append(part, static_cast<std::size_t>(got));
  }
  ::close(file);
  return result;
}

bool replace_private(const std::string& path, std::string_view text) {
  auto fresh = path + ".new";
  ::unlink(fresh.c_str()); // Of one who got no further.
  int file = ::open(fresh.c_str(),
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0)
    return false;
  bool safe = ::write(file, text.data(), text.size())
                == static_cast<ssize_t>(text.size())
              && ::fsync(file) == 0
              && ::rename(fresh.c_str(), path.c_str()) == 0;
  auto why = errno;
  ::close(file);
  if (!safe) {
    ::unlink(fresh.c_str());
    errno = why;
    return false;
  }
  // Without this a power cut may bring the old one back.
  auto above = path.substr(0, path.find_last_of('/'));
  int directory = ::open(above.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return false;
  bool is_kept = ::fsync(directory) == 0;
  why = errno;
  ::close(directory);
  errno = why;
  return is_kept;
}

int open_private_log(const std::string& path) {
  return regular(::open(path.c_str(),
                        O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK
                          | O_NOCTTY | O_CLOEXEC,
                        0600));
}

} // namespace berth::cdp

#include "apps/output.hpp"

#include "apps/context.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <stdio_ext.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace berth::apps {

namespace {

/// The first write that failed. Written by the main thread.
bool lost = false;
int lost_by = 0; ///< Its error; 0: it failed too early to know.

bool told = false;

/// Some file systems tell only when a file is closed.
bool close_a_copy() {
  auto copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  return copy < 0 || ::close(copy) == 0;
}

} // namespace

void keep_standard_streams() {
  for (auto stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
      // Such that what is written there fails, as it would have.
      auto how = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
      std::ignore = ::open("/dev/null", how); // NOLINT: takes the lowest free
    }
}

bool output_is_lost() {
  if (lost)
    return true;
  errno = 0;
  std::cout.flush();
  bool well = std::fflush(stdout) == 0 && std::ferror(stdout) == 0
              && std::cout.good() && close_a_copy();
  if (!well) {
    lost = true;
    lost_by = errno;
  }
  return lost;
}

void forgive_lost_output() {
  ::__fpurge(stdout);
  std::clearerr(stdout);
  std::cout.clear();
  lost = false;
}

int report_lost_output(const std::string& what_was_done) {
  if (!std::exchange(told, true))
    std::fprintf(stderr,
                 "output.failed: Standard output cannot be written%s%s.\n"
                 "  %s\n"
                 "  Make room, or print to somewhere else.\n",
                 lost_by == 0 ? "" : ": ",
                 lost_by == 0 ? "" : std::strerror(lost_by),
                 what_was_done.c_str());
  return failed;
}

} // namespace berth::apps

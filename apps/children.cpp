#include "apps/children.hpp"

#include "apps/child.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::apps {

children::~children() {
  for (auto pid : pids_)
    ::kill(pid, SIGKILL);
  for (auto pid : pids_)
    ::waitpid(pid, nullptr, 0);
}

pid_t children::start(const std::vector<std::string>& argv) {
  auto nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  auto pid = start_child(argv, nowhere, false);
  ::close(nowhere);
  if (pid > 0)
    pids_.push_back(pid);
  return pid;
}

void children::kill(pid_t which) {
  ::kill(which, SIGKILL);
}

void children::stop(pid_t which) {
  if (std::erase(pids_, which) == 0)
    return;
  ::kill(which, SIGTERM);
  ::waitpid(which, nullptr, 0);
}

int children::poll(pid_t which) {
  int state = 0;
  if (::waitpid(which, &state, WNOHANG) != which)
    return -1;
  std::erase(pids_, which);
  return exit_status(state);
}

std::string own_program() {
  std::error_code unseen;
  return std::filesystem::read_symlink("/proc/self/exe", unseen).string();
}

} // namespace berth::apps

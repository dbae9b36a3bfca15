#include "apps/children.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::apps {

namespace {

/// The forked child's part: only what is safe while threads of the parent were
/// cut off. It is told to end when its parent does, however that ends.
[[noreturn]] void become(char** args, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  auto nowhere = ::open("/dev/null", O_RDWR);
  if (::getppid() == parent && ::dup2(nowhere, 0) == 0
      && ::dup2(nowhere, 1) == 1)
    ::execv(args[0], args);
  ::_exit(127);
}

} // namespace

children::~children() {
  for (auto pid : pids_)
    ::kill(pid, SIGKILL);
  for (auto pid : pids_)
    ::waitpid(pid, nullptr, 0);
}

pid_t children::start(const std::vector<std::string>& argv) {
  auto copy = argv;
  std::vector<char*> args;
  for (auto& x : copy)
    args.push_back(x.data());
  args.push_back(nullptr);
  auto parent = ::getpid();
  auto pid = ::fork();
  if (pid == 0)
    become(args.data(), parent);
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
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

std::string own_program() {
  std::error_code unseen;
  return std::filesystem::read_symlink("/proc/self/exe", unseen).string();
}

} // namespace berth::apps

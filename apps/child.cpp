#include "apps/child.hpp"

#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::apps {

namespace {

/// The forked child's part: only what is safe while threads of the parent were
/// cut off.
[[noreturn]] void become(char** args, int out, pid_t parent, bool own_group) {
  if (own_group)
    ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  auto nowhere = ::open("/dev/null", O_RDONLY);
  if (::getppid() == parent && ::dup2(nowhere, 0) == 0 && ::dup2(out, 1) == 1)
    ::execv(args[0], args);
  ::_exit(127);
}

} // namespace

pid_t start_child(const std::vector<std::string>& argv, int out,
                  bool own_group) {
  auto copy = argv;
  std::vector<char*> args;
  for (auto& x : copy)
    args.push_back(x.data());
  args.push_back(nullptr);
  auto parent = ::getpid();
  auto pid = ::fork();
  if (pid == 0)
    become(args.data(), out, parent, own_group);
  // It does the same: whoever is first, nobody signals a group that is not.
  if (pid > 0 && own_group)
    ::setpgid(pid, pid);
  return pid;
}

int exit_status(int state) {
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

} // namespace berth::apps

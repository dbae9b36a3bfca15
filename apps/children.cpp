#include "apps/children.hpp"

#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace berth::apps {

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
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  if (::posix_spawn(&pid, args[0], &files, &attributes, args.data(), environ)
      != 0)
    pid = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
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

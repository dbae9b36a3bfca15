#include "apps/processes.hpp"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace berth::apps {

namespace {

int collect(pid_t which) {
  int state = 0;
  ::waitpid(which, &state, 0);
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

/// Its stdout is the pipe; no signal is blocked, though ours are.
class spawn_rules {
public:
  spawn_rules(int out, bool own_group) {
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    short flags = POSIX_SPAWN_SETSIGMASK;
    if (own_group) {
      posix_spawnattr_setpgroup(&attributes, 0);
      flags |= POSIX_SPAWN_SETPGROUP;
    }
    posix_spawnattr_setflags(&attributes, flags);
  }

  ~spawn_rules() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }

  spawn_rules(const spawn_rules&) = delete;
  spawn_rules& operator=(const spawn_rules&) = delete;

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
};

} // namespace

processes::~processes() {
  for (auto& [pid, end] : known_)
    signal_all(pid, SIGKILL);
  for (auto& [pid, end] : known_) {
    collect(pid);
    ::close(end.fd);
  }
}

pid_t processes::start(const std::vector<std::string>& argv) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return -1;
  auto copy = argv;
  std::vector<char*> args;
  for (auto& x : copy)
    args.push_back(x.data());
  args.push_back(nullptr);
  spawn_rules rules{ends[1], own_groups_};
  pid_t pid = -1;
  auto failed = ::posix_spawn(&pid, args[0], &rules.files, &rules.attributes,
                              args.data(), environ);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    return -1;
  }
  known_[pid].fd = ends[0];
  return pid;
}

std::vector<heard> processes::listen(std::chrono::milliseconds most) {
  std::vector<pollfd> ends;
  std::vector<pid_t> whose;
  for (auto& [pid, end] : known_) {
    ends.push_back({end.fd, POLLIN, 0});
    whose.push_back(pid);
  }
  std::vector<heard> result;
  if (::poll(ends.data(), ends.size(), static_cast<int>(most.count())) <= 0)
    return result;
  for (size_t i = 0; i < ends.size(); ++i)
    if (ends[i].revents != 0)
      read(whose[i], result);
  return result;
}

void processes::read(pid_t who, std::vector<heard>& out) {
  auto& [fd, buffer] = known_.at(who);
  char chunk[4096];
  auto got = ::read(fd, chunk, sizeof chunk);
  if (got > 0) {
    buffer.append(chunk, static_cast<size_t>(got));
    for (size_t end; (end = buffer.find('\n')) != std::string::npos;) {
      out.push_back({who, buffer.substr(0, end), std::nullopt});
      buffer.erase(0, end + 1);
    }
    return;
  }
  // Nobody has the other end any more: it has ended, or is about to.
  ::close(fd);
  known_.erase(who);
  out.push_back({who, {}, collect(who)});
}

void processes::signal(pid_t which, int number) const {
  if (known_.contains(which))
    ::kill(which, number);
}

void processes::signal_all(pid_t which, int number) const {
  if (known_.contains(which))
    ::kill(own_groups_ ? -which : which, number);
}

} // namespace berth::apps

#include "apps/processes.hpp"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::apps {

namespace {

int collect(pid_t which) {
  int state = 0;
  ::waitpid(which, &state, 0);
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

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
  auto parent = ::getpid();
  auto pid = ::fork();
  if (pid == 0)
    become(args.data(), ends[1], parent, own_groups_);
  ::close(ends[1]);
  if (pid < 0) {
    ::close(ends[0]);
    return -1;
  }
  // It does the same: whoever is first, nobody signals a group that is not.
  if (own_groups_)
    ::setpgid(pid, pid);
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

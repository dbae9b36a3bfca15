#include "apps/processes.hpp"

#include "apps/child.hpp"

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::apps {

namespace {

int collect(pid_t which) {
  int state = 0;
  ::waitpid(which, &state, 0);
  return exit_status(state);
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
  auto pid = start_child(argv, ends[1], own_groups_);
  ::close(ends[1]);
  if (pid < 0) {
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

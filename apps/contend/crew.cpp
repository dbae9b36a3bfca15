#include "apps/contend/crew.hpp"

#include "apps/children.hpp"

#include <algorithm>
#include <csignal>

namespace berth::apps::contend {

namespace {

using std::chrono::steady_clock;

constexpr auto turn_wait = "20s";
constexpr auto eager_every = "3";

} // namespace

void crew::fill() {
  for (size_t seat = 1; seat <= how_.agents; ++seat)
    start(seat);
}

void crew::start(size_t seat) {
  auto number = ++births_[seat];
  auto name = "agent-" + std::to_string(seat)
              + (number > 1 ? "." + std::to_string(number) : "");
  std::vector<std::string> argv{own_program(),   "agent",
                                "--name",        name,
                                "--key",         "contend",
                                "--wait",        turn_wait,
                                "--hold",        protocol::to_string(how_.hold),
                                "--rounds",      "0",
                                "--eager-every", eager_every};
  if (by_cli(seat))
    argv.insert(argv.end(), {"--cli", "--ttl", protocol::to_string(ttl)});
  books_.join(name, seat, by_cli(seat), clock_.at(steady_clock::now()));
  auto pid = processes_.start(argv);
  if (pid > 0)
    members_[pid] = {name, seat, false, std::nullopt};
}

void crew::listen(std::chrono::milliseconds most) {
  for (auto& x : processes_.listen(most)) {
    if (x.ended)
      note_end(x.who, *x.ended);
    else if (auto line = parse_agent_line(x.line))
      books_.hear(*line);
  }
}

void crew::note_end(pid_t who, int exit) {
  auto entry = members_.extract(who);
  if (!entry)
    return;
  auto& x = entry.mapped();
  books_.leave(x.name, exit, clock_.at(steady_clock::now()));
  if (!dismissed_)
    start(x.seat);
}

std::vector<std::string> crew::candidates(bool and_cli) const {
  std::vector<std::string> all, holders;
  for (auto& [pid, x] : members_) {
    if (x.killed || x.stopped_until || (!and_cli && by_cli(x.seat)))
      continue;
    all.push_back(x.name);
    if (books_.held_by(x.name))
      holders.push_back(x.name);
  }
  auto& result = holders.empty() ? all : holders;
  std::ranges::sort(result);
  return result;
}

void crew::kill(const std::string& name) {
  auto pid = find(name);
  if (pid < 0)
    return;
  members_[pid].killed = true;
  processes_.signal_all(pid, SIGKILL);
}

void crew::stop(const std::string& name, timestamp until) {
  auto pid = find(name);
  if (pid < 0)
    return;
  members_[pid].stopped_until = until;
  processes_.signal_all(pid, SIGSTOP);
}

void crew::resume(timestamp now) {
  for (auto& [pid, x] : members_)
    if (x.stopped_until && *x.stopped_until <= now) {
      processes_.signal_all(pid, SIGCONT);
      x.stopped_until.reset();
    }
}

void crew::dismiss() {
  dismissed_ = true;
  resume(timestamp::max());
  for (auto& [pid, x] : members_)
    processes_.signal(pid, SIGTERM);
}

void crew::kill_all() {
  for (auto& [pid, x] : members_)
    processes_.signal_all(pid, SIGKILL);
}

pid_t crew::find(const std::string& name) const {
  for (auto& [pid, x] : members_)
    if (x.name == name)
      return pid;
  return -1;
}

} // namespace berth::apps::contend

#include "tests/e2e/harness.hpp"

#include "actors/keys.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/profile.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace berth::tests {

namespace fs = std::filesystem;

void together(size_t count, const std::function<void(size_t)>& job) {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      job(i);
    });
  for (auto& x : threads)
    x.join();
}

std::string proof_in(const std::string& credential) {
  return credential.substr(credential.rfind(':') + 1);
}

// -- event_log ----------------------------------------------------------------

void event_log::add(const event& x) {
  std::lock_guard guard{mutex_};
  events_.push_back(x);
  changed_.notify_all();
}

std::optional<event>
event_log::wait(const std::function<bool(const event&)>& is_meant) {
  std::unique_lock guard{mutex_};
  size_t next = 0;
  std::optional<event> result;
  changed_.wait_for(guard, patience, [&] {
    for (; next < events_.size() && !result; ++next)
      if (is_meant(events_[next]))
        result = events_[next];
    return result.has_value();
  });
  return result;
}

std::optional<event> event_log::wait(event_kind kind, lease_id which) {
  return wait([=](const event& x) {
    return x.kind == kind && (!which || x.lease == which);
  });
}

std::vector<event> event_log::all() const {
  std::lock_guard guard{mutex_};
  return events_;
}

// -- daemon -------------------------------------------------------------------

live_daemon::live_daemon(const std::function<void(config&)>& change,
                         providers known) {
  config how;
  how.state_dir = dir_.path();
  how.door.port = 0;
  if (change)
    change(how);
  runtime_.emplace(must(runtime::start(how, {}, std::move(known))));
  client::settings where;
  where.port = port();
  where.name = "observer";
  where.operator_key = actors::operator_key_path(dir_.path());
  where.on_event = [this](const event& x) {
    log_.add(x);
  };
  observer_.emplace(must(client::connection::open(where)));
  EXPECT_TRUE(observer_->watch_all());
}

live_daemon::~live_daemon() {
  observer_.reset();
  runtime_->stop();
}

client::connection live_daemon::connect(std::string name) {
  client::settings where;
  where.port = port();
  where.name = std::move(name);
  return must(client::connection::open(where));
}

client::connection live_daemon::operate(std::string name) {
  client::settings where;
  where.port = port();
  where.name = std::move(name);
  where.operator_key = actors::operator_key_path(dir_.path());
  return must(client::connection::open(where));
}

status live_daemon::look() {
  auto result = observer_->status();
  if (!result)
    ADD_FAILURE() << result.error().what;
  return result ? *result : status{};
}

// -- child_process ------------------------------------------------------------

child_process::child_process(const std::vector<std::string>& argv) {
  int in[2], out[2];
  if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0)
    return;
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in[0], 0);
  posix_spawn_file_actions_adddup2(&files, out[1], 1);
  std::vector<char*> args;
  auto copy = argv;
  for (auto& x : copy)
    args.push_back(x.data());
  args.push_back(nullptr);
  if (::posix_spawn(&pid_, args[0], &files, nullptr, args.data(), environ) != 0)
    pid_ = -1;
  posix_spawn_file_actions_destroy(&files);
  ::close(in[0]);
  ::close(out[1]);
  in_ = in[1];
  out_ = out[0];
}

child_process::~child_process() {
  if (pid_ > 0) {
    signal(SIGKILL);
    wait();
  }
  ::close(in_);
  if (out_ >= 0)
    ::close(out_);
}

std::optional<std::string> child_process::read_line() {
  for (;;) {
    if (auto end = buffer_.find('\n'); end != std::string::npos) {
      auto result = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return result;
    }
    char chunk[4096];
    auto got = ::read(out_, chunk, sizeof chunk);
    if (got <= 0)
      return std::nullopt;
    buffer_.append(chunk, static_cast<size_t>(got));
  }
}

void child_process::close_output() {
  ::close(std::exchange(out_, -1));
}

std::string child_process::read_all() {
  std::string result;
  while (auto line = read_line())
    result += *line + "\n";
  return result + std::exchange(buffer_, {});
}

void child_process::signal(int number) const {
  if (pid_ > 0)
    ::kill(pid_, number);
}

int child_process::wait() {
  if (pid_ <= 0)
    return -1;
  int state = 0;
  ::waitpid(pid_, &state, 0);
  pid_ = -1;
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}

// -- looking ------------------------------------------------------------------

std::vector<pid_t> renderers_of(int64_t chrome) {
  std::vector<pid_t> result;
  for (auto pid : cdp::all_processes()) {
    std::ostringstream text;
    auto proc = "/proc/" + std::to_string(pid);
    text << std::ifstream{proc + "/cmdline"}.rdbuf();
    auto line = text.str();
    // All of one Chrome are in its process group.
    if (line.find("--type=renderer") != std::string::npos
        && ::getpgid(pid) == static_cast<pid_t>(chrome))
      result.push_back(pid);
  }
  return result;
}

std::string debugging_address_of(const std::string& profile) {
  auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    if (auto address = cdp::debugging_address(profile))
      return *address;
    std::this_thread::yield();
  }
  throw std::runtime_error{"Chrome has opened no port."};
}

std::string built(const char* program) {
  return std::string{BINARIES} + "/" + program;
}

} // namespace berth::tests

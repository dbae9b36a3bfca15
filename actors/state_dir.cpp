#include "actors/state_dir.hpp"

#include "cdp/read_json.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace berth {

namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using namespace protocol;

/// Written anew and put in place at once: a reader sees the old or the new.
bool replace_file(const std::string& path, const std::string& text) {
  auto fresh = path + ".new";
  int fd
    = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return false;
  auto written = ::write(fd, text.data(), text.size());
  bool safe = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  return safe && ::rename(fresh.c_str(), path.c_str()) == 0;
}

std::string read_file(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream{path}.rdbuf();
  return result.str();
}

std::string from_environment(const char* variable) {
  auto value = std::getenv(variable);
  return value ? value : "";
}

} // namespace

std::string default_state_dir() {
  if (auto own = from_environment("BERTH_STATE_DIR"); !own.empty())
    return own;
  if (auto base = from_environment("XDG_STATE_HOME"); !base.empty())
    return base + "/berth";
  auto home = from_environment("HOME");
  return (home.empty() ? std::string{"/var/lib"} : home + "/.local/state")
         + "/berth";
}

std::optional<daemon_record> find_daemon(const std::string& state_dir) {
  auto text = cdp::read_object(read_file(state_dir + "/daemon.json"));
  auto pid = cdp::number_in(text, "pid"), port = cdp::number_in(text, "port");
  if (pid > std::numeric_limits<pid_t>::max() || port < 0 || port > 65535)
    return std::nullopt;
  daemon_record result{static_cast<int64_t>(pid), static_cast<uint16_t>(port),
                       cdp::text_in(text, "host")};
  if (result.pid <= 0 || ::kill(static_cast<pid_t>(result.pid), 0) != 0)
    return std::nullopt;
  return result;
}

namespace actors {

outcome<state_dir> state_dir::own(const std::string& path) {
  std::error_code failed;
  fs::create_directories(path, failed);
  if (failed || ::chmod(path.c_str(), 0700) != 0)
    return fail(errc::invalid_argument,
                "The state directory '" + path
                  + "' cannot be made: " + std::strerror(errno) + ".");
  auto file = path + "/lock";
  int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0)
    return fail(errc::invalid_argument, "'" + file + "' cannot be opened: "
                                          + std::strerror(errno) + ".");
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    auto owner = find_daemon(path);
    return fail(errc::invalid_argument,
                "The state directory '" + path + "' belongs to a daemon that "
                  + (owner ? "runs as process " + std::to_string(owner->pid)
                               + " on port " + std::to_string(owner->port)
                           : std::string{"is starting"})
                  + ".");
  }
  return state_dir{path, lock};
}

state_dir::state_dir(std::string path, int lock)
  : path_{std::move(path)}, lock_{lock} {
  // nop
}

state_dir::state_dir(state_dir&& other) noexcept
  : path_{std::move(other.path_)}, lock_{std::exchange(other.lock_, -1)} {
  // nop
}

state_dir& state_dir::operator=(state_dir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

state_dir::~state_dir() {
  if (lock_ < 0)
    return;
  ::unlink((path_ + "/daemon.json").c_str());
  ::close(lock_);
}

uint64_t state_dir::last_epoch() const {
  return std::strtoull(read_file(path_ + "/epoch").c_str(), nullptr, 10);
}

uint16_t state_dir::last_port() const {
  auto text = cdp::read_object(read_file(path_ + "/daemon.json"));
  auto port = cdp::number_in(text, "port");
  return port > 0 && port <= 65535 ? static_cast<uint16_t>(port) : 0;
}

bool state_dir::keep_epoch(uint64_t x) const {
  return replace_file(path_ + "/epoch", std::to_string(x) + "\n");
}

bool state_dir::announce(const daemon_record& what) const {
  json text{{"pid", what.pid}, {"host", what.host}, {"port", what.port}};
  return replace_file(path_ + "/daemon.json", text.dump() + "\n");
}

} // namespace actors
} // namespace berth

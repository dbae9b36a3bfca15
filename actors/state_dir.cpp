#include "actors/state_dir.hpp"

#include "cdp/transport/private_path.hpp"
#include "cdp/utf8_stream.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace berth {

namespace {

std::string from_environment(const char* variable) {
  auto value = std::getenv(variable);
  return value ? value : "";
}

} // namespace

std::string usual_state_dir() {
  if (auto base = from_environment("XDG_STATE_HOME"); !base.empty())
    return base + "/berth";
  auto home = from_environment("HOME");
  return (home.empty() ? std::string{"/var/lib"} : home + "/.local/state")
         + "/berth";
}

std::string default_state_dir() {
  auto own = from_environment("BERTH_STATE_DIR");
  return own.empty() ? usual_state_dir() : own;
}

/// Its Chromes are marked with this path: however it is written, it must be the
/// same. A link in its place is left to be refused.
std::string state_dir_of(const protocol::config& how) {
  namespace fs = std::filesystem;
  std::error_code failed;
  auto said = how.state_dir.empty() ? default_state_dir() : how.state_dir;
  auto path = fs::absolute(said, failed).lexically_normal();
  if (!path.has_filename())
    path = path.parent_path();
  auto above = fs::weakly_canonical(path.parent_path(), failed);
  return failed ? said : (above / path.filename()).string();
}

namespace actors {

namespace {

/// At a start each second, for thirty thousand years.
constexpr uint64_t epoch_max = uint64_t{1} << 40;

using namespace protocol;
using namespace std::chrono_literals;

/// Its holders do next to nothing; but one of them may be stopped.
constexpr auto guard_within = 500ms;

constexpr const char* record_file = "/daemon.json";
constexpr const char* record_before = "/daemon.json.before";

int open_lock(const std::string& path) {
  return ::open(path.c_str(),
                O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
}

bool locked(int file) {
  return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

/// Whether the file of this name is the one that is open; none: there is none.
std::optional<bool> is_file(int file, const std::string& path) {
  struct stat open {
  }, named{};
  if (::fstat(file, &open) != 0 || ::lstat(path.c_str(), &named) != 0)
    return std::nullopt;
  return open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

failure cannot(const std::string& what) {
  if (errno == ELOOP)
    return fail(errc::invalid_argument,
                what + ": it is a symbolic link, which is not followed.");
  bool is_full = errno == ENOSPC || errno == EDQUOT;
  return fail(is_full ? errc::journal_failed : errc::invalid_argument,
              what + ": " + std::strerror(errno) + ".");
}

/// False, and `errno`. Some file systems have no second names.
bool keep_as(const std::string& file, const std::string& copy) {
  if (::link(file.c_str(), copy.c_str()) == 0)
    return true;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK)
    return false;
  return cdp::replace_private(copy, cdp::read_private(file));
}

/// A start that gets no further leaves the directory as it was. What another
/// start has left that got no further is of no use: then what it has put aside
/// is kept. False: it could not, and is not to begin.
bool keep_record(const std::string& dir) {
  auto left = read_record(dir);
  if (left && left->port == 0 && read_record(dir, record_before))
    return true;
  ::unlink((dir + record_before).c_str());
  return keep_as(dir + record_file, dir + record_before) || errno == ENOENT;
}

/// Who was killed while it started has told nothing that is of use.
std::optional<daemon_record> record_of_last(const std::string& dir) {
  auto last = read_record(dir);
  if (last && last->port != 0)
    return last;
  auto before = read_record(dir, record_before);
  return before ? before : last;
}

/// While one is held nobody else replaces the lock, or what an owner has
/// written down: who has looked whose it is may act on that.
class guard {
public:
  explicit guard(const std::string& dir) : file_{open_lock(dir + "/guard")} {
    auto until = std::chrono::steady_clock::now() + guard_within;
    while (file_ >= 0 && !(held_ = locked(file_))
           && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(1ms);
  }

  ~guard() {
    if (file_ >= 0)
      ::close(file_);
  }

  guard(const guard&) = delete;
  guard& operator=(const guard&) = delete;

  explicit operator bool() const {
    return held_;
  }

private:
  int file_;
  bool held_ = false;
};

} // namespace

outcome<std::optional<state_dir>> state_dir::try_own(const std::string& path) {
  // What is written down of it, and answered about it, is JSON.
  cdp::utf8_stream name;
  if (!name.feed(path) || !name.complete())
    return fail(errc::invalid_argument,
                "The path of the state directory is not UTF-8. Choose another "
                "one with --state-dir or BERTH_STATE_DIR.");
  if (auto why = cdp::private_dir("The state directory", path); !why.empty())
    return fail(errc::invalid_argument, why);
  auto file = path + "/lock";
  for (;;) {
    int lock = open_lock(file);
    if (lock < 0)
      return cannot("'" + file + "' cannot be opened");
    bool got = locked(lock);
    // Else it was replaced while we opened it: that one counts.
    if (got && is_file(lock, file).value_or(false))
      return std::optional{state_dir{path, lock}};
    ::close(lock);
    if (!got)
      return std::optional<state_dir>{};
  }
}

outcome<state_dir> state_dir::own(const std::string& path) {
  auto got = try_own(path);
  if (!got)
    return got.error();
  if (*got)
    return std::move(**got);
  auto owner = read_record(path);
  bool known = owner && fate_of(*owner) != process_fate::gone;
  return fail(errc::invalid_argument,
              "The state directory '" + path + "' belongs to another process"
                + (known ? ": " + describe(*owner) : std::string{}) + ".");
}

outcome<std::optional<state_dir>>
state_dir::take_over(const std::string& path, const daemon_record& from) {
  guard alone{path};
  auto owner = read_record(path);
  if (!alone || !owner || owner->process != from.process
      || fate_of(*owner) != process_fate::lives)
    return std::optional<state_dir>{};
  // Who comes next finds us, and not the one that we have taken it from; and
  // that one's record again if we do not get so far.
  if (!keep_record(path))
    return cannot("'" + path + record_file + "' cannot be put aside");
  auto file = path + "/lock", fresh = file + ".new";
  ::unlink(fresh.c_str()); // Of one who got no further.
  int lock = open_lock(fresh);
  // Locked before it has the name: the name is never without a lock.
  if (lock < 0 || !locked(lock) || ::rename(fresh.c_str(), file.c_str()) != 0) {
    auto why = cannot("'" + file + "' cannot be replaced");
    ::unlink((path + record_before).c_str());
    if (lock >= 0)
      ::close(lock);
    return why;
  }
  state_dir result{path, lock};
  result.written_ = true;
  if (!write_record(path, describe_self()))
    return cannot("'" + path + record_file + "' cannot be written");
  return std::optional{std::move(result)};
}

state_dir::state_dir(std::string path, int lock)
  : path_{std::move(path)}, lock_{lock}, previous_{record_of_last(path_)} {
  // nop
}

state_dir::state_dir(state_dir&& other) noexcept
  : path_{std::move(other.path_)},
    lock_{std::exchange(other.lock_, -1)},
    previous_{std::move(other.previous_)},
    announced_{other.announced_},
    written_{other.written_} {
  // nop
}

state_dir& state_dir::operator=(state_dir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  std::swap(previous_, other.previous_);
  std::swap(announced_, other.announced_);
  std::swap(written_, other.written_);
  return *this;
}

state_dir::~state_dir() {
  if (lock_ < 0)
    return;
  if (guard alone{path_}; alone && is_ours()) {
    // Who has never served leaves what it found: where the last one served,
    // and who it was that could not be followed.
    if (announced_)
      ::unlink((path_ + record_file).c_str());
    else if (written_
             && ::rename((path_ + record_before).c_str(),
                         (path_ + record_file).c_str())
                  != 0)
      ::unlink((path_ + record_file).c_str());
  }
  ::close(lock_);
}

bool state_dir::is_ours() const {
  return is_file(lock_, path_ + "/lock").value_or(true);
}

uint64_t state_dir::last_epoch() const {
  auto text = cdp::read_private(path_ + "/epoch");
  if (text.find('-') != std::string::npos)
    return 0;
  auto kept = std::strtoull(text.c_str(), nullptr, 10);
  // No daemon has come so far: somebody else wrote that.
  return kept <= epoch_max ? kept : 0;
}

bool state_dir::keep_epoch(uint64_t x) const {
  guard alone{path_};
  return alone && is_ours()
         && cdp::replace_private(path_ + "/epoch", std::to_string(x) + "\n");
}

protocol::failure state_dir::epoch_trouble() const {
  return protocol::fail(protocol::errc::journal_failed,
                        "The epoch cannot be written into '" + path_
                          + "'. Look for a full disk, or a start there that "
                            "hangs.");
}

bool state_dir::is_announced() const {
  return ::access((path_ + record_file).c_str(), F_OK) == 0;
}

bool state_dir::announce(const daemon_record& what) {
  guard alone{path_};
  if (!alone || !is_ours())
    return false;
  if (!written_ && !keep_record(path_))
    return false;
  written_ = true;
  if (!write_record(path_, what))
    return false;
  if (what.port != 0 && !std::exchange(announced_, true))
    ::unlink((path_ + record_before).c_str());
  return true;
}

} // namespace actors
} // namespace berth

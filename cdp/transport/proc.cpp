#include "cdp/transport/proc.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace berth::cdp {

namespace {

namespace fs = std::filesystem;

std::string read(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream{path, std::ios::binary}.rdbuf();
  return result.str();
}

std::string path_of(pid_t pid, const char* file) {
  return "/proc/" + std::to_string(pid) + "/" + file;
}

/// The fields of /proc/PID/stat after the command's name, which may hold
/// anything: 0 is the state, 1 the parent, 19 the start time.
std::vector<std::string> stat_fields(pid_t pid) {
  auto text = read(path_of(pid, "stat"));
  auto end = text.rfind(')');
  std::vector<std::string> result;
  if (end == std::string::npos)
    return result;
  std::istringstream in{text.substr(end + 1)};
  for (std::string field; in >> field;)
    result.push_back(field);
  return result;
}

pid_t parent_of(pid_t pid) {
  auto fields = stat_fields(pid);
  return fields.size() > 1 ? std::atoi(fields[1].c_str()) : 0;
}

} // namespace

std::string identify(pid_t pid) {
  auto fields = stat_fields(pid);
  if (fields.size() < 20 || fields[0] == "Z")
    return {};
  return std::to_string(pid) + "@" + fields[19];
}

std::string started_with(pid_t pid, const std::string& variable) {
  auto text = read(path_of(pid, "environ"));
  std::istringstream in{text};
  auto start = variable + "=";
  for (std::string entry; std::getline(in, entry, '\0');)
    if (entry.rfind(start, 0) == 0)
      return entry.substr(start.size());
  return {};
}

std::vector<std::string> command_line(pid_t pid) {
  std::istringstream in{read(path_of(pid, "cmdline"))};
  std::vector<std::string> result;
  for (std::string word; std::getline(in, word, '\0');)
    result.push_back(word);
  return result;
}

std::vector<pid_t> all_processes() {
  std::vector<pid_t> result;
  std::error_code failed;
  for (auto i = fs::directory_iterator{"/proc", failed};
       i != fs::directory_iterator{}; i.increment(failed)) {
    auto name = i->path().filename().string();
    pid_t pid = 0;
    auto end = name.data() + name.size();
    if (auto got = std::from_chars(name.data(), end, pid);
        got.ec == std::errc{} && got.ptr == end)
      result.push_back(pid);
    if (failed)
      break;
  }
  return result;
}

bool is_above(pid_t pid) {
  for (auto at = ::getpid(); at > 0; at = parent_of(at))
    if (at == pid)
      return true;
  return false;
}

bool runs_our_program(pid_t pid) {
  struct stat its {};
  struct stat ours {};
  return ::stat(path_of(pid, "exe").c_str(), &its) == 0
         && ::stat("/proc/self/exe", &ours) == 0 && its.st_dev == ours.st_dev
         && its.st_ino == ours.st_ino;
}

void kill_tree(pid_t pid) {
  // Stopped first, none of them can leave the tree while we look.
  std::vector<pid_t> tree{pid};
  ::kill(pid, SIGSTOP);
  for (std::size_t i = 0; i < tree.size(); ++i)
    for (auto other : all_processes())
      if (parent_of(other) == tree[i]
          && std::find(tree.begin(), tree.end(), other) == tree.end()) {
        ::kill(other, SIGSTOP);
        tree.push_back(other);
      }
  ::kill(-pid, SIGKILL);
  for (auto member : tree)
    ::kill(member, SIGKILL);
}

bool group_lives(pid_t group) {
  auto number = std::to_string(group);
  for (auto pid : all_processes()) {
    auto fields = stat_fields(pid);
    if (fields.size() > 2 && fields[2] == number && fields[0] != "Z")
      return true;
  }
  return false;
}

pid_t process_with_socket(uid_t user, std::uint64_t inode) {
  constexpr int files_max = 8192;
  auto wanted = "socket:[" + std::to_string(inode) + "]";
  auto all = all_processes();
  // Whoever has just connected is likely to be young.
  std::sort(all.rbegin(), all.rend());
  int files = 0;
  for (auto pid : all) {
    struct stat seen {};
    if (::stat(path_of(pid, "").c_str(), &seen) != 0 || seen.st_uid != user)
      continue;
    std::error_code failed;
    for (auto i = fs::directory_iterator{path_of(pid, "fd"), failed};
         !failed && i != fs::directory_iterator{}; i.increment(failed)) {
      std::error_code gone;
      if (++files > files_max)
        return 0;
      if (fs::read_symlink(i->path(), gone) == wanted)
        return pid;
    }
  }
  return 0;
}

bool cut_off(const std::string& process) {
  auto pid = static_cast<pid_t>(std::atoi(process.c_str()));
  auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  // Whoever it is now, the handle stays with that one.
  bool done = handle >= 0 && identify(pid) == process;
  std::error_code failed;
  for (auto i = fs::directory_iterator{path_of(pid, "fd"), failed};
       done && i != fs::directory_iterator{}; i.increment(failed)) {
    std::error_code gone;
    if (fs::read_symlink(i->path(), gone).string().rfind("socket:", 0) != 0)
      continue;
    auto number = std::atoi(i->path().filename().c_str());
    auto copy = static_cast<int>(::syscall(SYS_pidfd_getfd, handle, number, 0));
    done = copy >= 0;
    if (done) {
      ::shutdown(copy, SHUT_RDWR);
      ::close(copy);
    }
  }
  if (handle >= 0)
    ::close(handle);
  return done && !failed;
}

void await_end(const std::vector<long>& pids, std::chrono::milliseconds most) {
  using std::chrono::steady_clock;
  auto until = steady_clock::now() + most;
  for (auto pid : pids) {
    auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0)
      continue; // It is gone.
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - steady_clock::now());
    pollfd ended{handle, POLLIN, 0};
    ::poll(&ended, 1, std::max(0, static_cast<int>(left.count())));
    ::close(handle);
  }
}

std::uint64_t memory_of_group(pid_t group) {
  std::uint64_t result = 0;
  for (auto pid : all_processes()) {
    if (group <= 0 || ::getpgid(pid) != group)
      continue;
    std::ifstream in{"/proc/" + std::to_string(pid) + "/smaps_rollup"};
    for (std::string line; std::getline(in, line);)
      if (line.rfind("Pss:", 0) == 0)
        result += std::strtoull(line.c_str() + 4, nullptr, 10) << 10;
  }
  return result;
}

std::optional<std::chrono::nanoseconds> effort_of(pid_t pid) {
  auto directory = "/proc/" + std::to_string(pid);
  std::ifstream stat{directory + "/stat"};
  std::string words;
  std::getline(stat, words);
  // After the name, which may have any characters in it.
  auto state = words.rfind(") ");
  if (pid <= 0 || state == std::string::npos || words[state + 2] == 'D')
    return std::nullopt;
  std::ifstream times{directory + "/schedstat"};
  std::int64_t ran = 0, waited = 0;
  if (!(times >> ran >> waited))
    return std::nullopt;
  return std::chrono::nanoseconds{ran + waited};
}

namespace {

/// Whether the process that a lock names, as HOST-PID, runs on this machine.
bool holder_runs(const std::string& lock) {
  std::error_code unseen;
  auto named = fs::read_symlink(lock, unseen).string();
  auto dash = named.rfind('-');
  char host[256] = "";
  if (dash == std::string::npos || ::gethostname(host, sizeof host - 1) != 0
      || named.substr(0, dash) != host)
    return false;
  auto pid = static_cast<pid_t>(std::atoi(named.c_str() + dash + 1));
  return pid > 0 && !identify(pid).empty();
}

/// Else a link of somebody's could have us remove any file.
bool is_own_socket(const fs::path& file) {
  struct stat seen {};
  return file.is_absolute() && file.filename() == "SingletonSocket"
         && ::lstat(file.c_str(), &seen) == 0 && S_ISSOCK(seen.st_mode)
         && seen.st_uid == ::geteuid();
}

} // namespace

void remove_profile_lock(const std::string& profile) {
  if (holder_runs(profile + "/SingletonLock"))
    return;
  std::error_code unseen;
  // The socket itself is in a directory of its own, beside a cookie.
  auto socket = fs::read_symlink(profile + "/SingletonSocket", unseen);
  for (auto name : {"SingletonLock", "SingletonCookie", "SingletonSocket"})
    fs::remove(profile + "/" + name, unseen);
  if (!is_own_socket(socket))
    return;
  fs::remove(socket, unseen);
  fs::remove(socket.parent_path() / "SingletonCookie", unseen);
  fs::remove(socket.parent_path(), unseen); // If nothing else is there.
}

} // namespace berth::cdp

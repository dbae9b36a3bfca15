#include "cdp/transport/chrome_process.hpp"

#include "cdp/transport/pipe_link.hpp"
#include "cdp/transport/private_path.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/profile.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::cdp {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t last_words_max = 2000;
constexpr std::chrono::seconds reaped_within{5};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& x : texts)
    result.push_back(x.data());
  result.push_back(nullptr);
  return result;
}

std::string one_line_each(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& x : words)
    result += x + '\n';
  return result;
}

std::string program_of(const launch_options& how) {
  auto found = find_program(how.program);
  return found.empty() ? how.program : found;
}

/// Whose it is, who launched it and how: to be read from /proc. Its command
/// line may be that of a wrapper, which adds flags of its own.
std::vector<std::string> marked_environment(const launch_options& how) {
  std::vector<std::string> result;
  for (auto i = environ; *i; ++i)
    if (std::strncmp(*i, "BERTH_", 6) != 0
        && std::strncmp(*i, "BREAKPAD_DUMP_LOCATION=", 23) != 0)
      result.emplace_back(*i);
  result.push_back("BERTH_FLAGS=" + one_line_each(chrome_flags(how)));
  result.push_back("BERTH_PROGRAM=" + program_of(how));
  result.push_back("BREAKPAD_DUMP_LOCATION=" + how.profile + "/crashes");
  result.push_back("BERTH_OWNER=" + how.owner);
  result.push_back("BERTH_PROFILE=" + how.profile);
  result.push_back("BERTH_DAEMON=" + identify(::getpid()));
  return result;
}

/// A group of its own, so that it can be ended with its children; no signal
/// blocked, though the daemon blocks some; stderr into the log. Chrome reads
/// its commands from 3 and answers to 4, and holds both ends of either.
class spawn_rules {
public:
  explicit spawn_rules(const launch_options& how) {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&files);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t usual;
    sigemptyset(&usual);
    for (int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGXFSZ})
      sigaddset(&usual, signal);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP
                                            | POSIX_SPAWN_SETSIGMASK
                                            | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    // What was there, of the last one or a link, is kept aside. It is appended
    // to, so that it can be cut while Chrome writes.
    ::rename(how.log.c_str(), (how.log + ".1").c_str());
    posix_spawn_file_actions_addopen(
      &files, 2, how.log.c_str(),
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND, 0600);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawn_file_actions_addopen(&files, 3, how.pipes.to_chrome.c_str(),
                                     O_RDWR, 0);
    posix_spawn_file_actions_addopen(&files, 4, how.pipes.from_chrome.c_str(),
                                     O_RDWR, 0);
  }

  ~spawn_rules() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
  }

  spawn_rules(const spawn_rules&) = delete;
  spawn_rules& operator=(const spawn_rules&) = delete;

  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t files;
};

/// Of the same name there may be several: a container has a view of its own.
bool has_same_directory(pid_t pid, const std::string& path) {
  struct stat ours {
  }, theirs{};
  auto seen_there = "/proc/" + std::to_string(pid) + "/root" + path;
  if (::stat(path.c_str(), &ours) != 0
      || ::stat(seen_there.c_str(), &theirs) != 0)
    return true; // Not known: then the name decides.
  return ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

/// A Chrome passes the marks on to its children. Other users' processes can say
/// what they like; and whoever has them in a shell may start programs there,
/// Berth among them.
bool is_marked(pid_t pid, const std::string& owner) {
  struct stat seen {};
  auto entry = "/proc/" + std::to_string(pid);
  return ::stat(entry.c_str(), &seen) == 0 && seen.st_uid == ::geteuid()
         && started_with(pid, "BERTH_OWNER") == owner
         && !started_with(pid, "BERTH_DAEMON").empty()
         && has_same_directory(pid, owner) && !is_above(pid)
         && !runs_our_program(pid);
}

/// One without the mark is of the time when there was one profile.
std::string profile_of(pid_t pid, const std::string& owner) {
  auto marked = started_with(pid, "BERTH_PROFILE");
  return marked.empty() ? owner + "/profile" : marked;
}

/// Of a Chrome, and not itself one.
bool is_helper(pid_t pid) {
  auto words = command_line(pid);
  return words.empty() || words[0].find("crashpad") != std::string::npos
         || std::any_of(words.begin(), words.end(), [](const auto& x) {
              return x.rfind("--type=", 0) == 0;
            });
}

std::vector<long>
reap(const std::string& owner, const std::function<bool(pid_t)>& is_meant) {
  std::vector<long> result;
  std::vector<std::string> profiles;
  auto all = all_processes();
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](pid_t pid) {
                             return !is_marked(pid, owner) || !is_meant(pid);
                           }),
            all.end());
  for (auto pid : all)
    if (!is_helper(pid)) {
      result.push_back(pid);
      profiles.push_back(profile_of(pid, owner));
    }
  for (auto pid : all)
    kill_tree(pid);
  await_end(result, reaped_within);
  for (const auto& x : profiles)
    remove_profile_lock(x);
  return result;
}

/// Whether this is what a process has open under this number.
bool has_open(pid_t pid, int number, const std::string& file) {
  struct stat open {
  }, named{};
  auto link = "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(number);
  return ::stat(link.c_str(), &open) == 0 && ::lstat(file.c_str(), &named) == 0
         && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

} // namespace

std::vector<std::string> chrome_flags(const launch_options& how) {
  std::vector<std::string> result{
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-back-forward-cache",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--renderer-process-limit=200",
    "--remote-debugging-pipe",
    "--user-data-dir=" + how.profile,
  };
  if (how.headless)
    result.push_back("--headless");
  if (!how.sandbox)
    result.push_back("--no-sandbox");
  for (const auto& flag : how.extra_flags)
    result.push_back(flag);
  // The anchor: closing the last lease's tab must not end Chrome.
  result.push_back("about:blank");
  return result;
}

std::optional<chrome_process>
chrome_process::launch(const launch_options& how, std::string& trouble) {
  trouble = private_dir("The profile directory", how.profile);
  if (!trouble.empty())
    return std::nullopt;
  if (is_read(how.pipes)) {
    trouble = "A Chrome that cannot be seen from here has the profile '"
              + how.profile
              + "': it runs in another container. End it there first.";
    return std::nullopt;
  }
  forget_debugging_address(how.profile);
  trouble = make_pipes(how.pipes);
  if (!trouble.empty())
    return std::nullopt;
  auto arguments = chrome_flags(how);
  arguments.insert(arguments.begin(), how.program);
  auto environment = marked_environment(how);
  auto argv = pointers(arguments);
  auto envp = pointers(environment);
  spawn_rules rules{how};
  pid_t pid = 0;
  if (int code = ::posix_spawnp(&pid, how.program.c_str(), &rules.files,
                                &rules.attributes, argv.data(), envp.data());
      code != 0) {
    trouble
      = "'" + how.program + "' cannot be started: " + std::strerror(code) + ".";
    return std::nullopt;
  }
  return chrome_process{how, pid};
}

std::optional<chrome_process>
chrome_process::survivor(const launch_options& how) {
  auto flags = one_line_each(chrome_flags(how));
  auto program = program_of(how);
  for (auto pid : all_processes()) {
    if (!is_marked(pid, how.owner) || ::getpgid(pid) != pid
        || started_with(pid, "BERTH_FLAGS") != flags
        || started_with(pid, "BERTH_PROGRAM") != program
        || !has_open(pid, 3, how.pipes.to_chrome)
        || !has_open(pid, 4, how.pipes.from_chrome))
      continue;
    chrome_process result{how, pid};
    result.identity_ = identify(pid);
    if (!result.identity_.empty())
      return result;
  }
  return std::nullopt;
}

bool chrome_process::has_another(const launch_options& how) {
  auto all = all_processes();
  return std::any_of(all.begin(), all.end(), [&](pid_t pid) {
    return is_marked(pid, how.owner) && !is_helper(pid)
           && profile_of(pid, how.owner) == how.profile;
  });
}

bool chrome_process::runs() const {
  return !identity_.empty() && identify(pid_) == identity_;
}

std::optional<std::string> chrome_process::ended() {
  if (collected_)
    return "It has ended.";
  int status = 0;
  auto got = ::waitpid(pid_, &status, WNOHANG);
  bool strangers = got < 0 && errno == ECHILD;
  if (got == 0 || (strangers && runs()))
    return std::nullopt;
  collected_ = true;
  no_program_ = got > 0 && WIFEXITED(status)
                && (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127);
  if (got > 0 && WIFEXITED(status))
    return "Chrome ended with exit status "
           + std::to_string(WEXITSTATUS(status)) + ".";
  if (got > 0 && WIFSIGNALED(status))
    return "Chrome was ended by signal " + std::to_string(WTERMSIG(status))
           + ".";
  return "Chrome ended.";
}

void chrome_process::ask_to_end() {
  if (!collected_ && ours_())
    ::kill(pid_, SIGTERM);
}

void chrome_process::kill() {
  if (!collected_ && ours_())
    kill_tree(pid_);
}

void chrome_process::kill_children() {
  if (ours_())
    ::kill(-pid_, SIGKILL);
}

void chrome_process::clean_up() const {
  if (!ours_())
    return;
  remove_profile_lock(profile_);
  ::unlink(pipes_.to_chrome.c_str());
  ::unlink(pipes_.from_chrome.c_str());
}

std::string chrome_process::last_words() const {
  std::ifstream in{log_, std::ios::ate | std::ios::binary};
  if (!in)
    return {};
  auto size = static_cast<std::size_t>(in.tellg());
  auto start = size > last_words_max ? size - last_words_max : 0;
  in.seekg(static_cast<std::streamoff>(start));
  std::string result(size - start, '\0');
  in.read(result.data(), static_cast<std::streamsize>(result.size()));
  return result;
}

std::vector<long> find_chromes_of(const std::string& owner) {
  std::vector<long> result;
  for (auto pid : all_processes())
    if (is_marked(pid, owner) && !is_helper(pid))
      result.push_back(pid);
  return result;
}

std::vector<std::string> profiles_of(const std::string& owner) {
  std::vector<std::string> result;
  for (auto pid : find_chromes_of(owner))
    result.push_back(profile_of(static_cast<pid_t>(pid), owner));
  return result;
}

std::vector<long>
reap_orphan_chromes(const std::string& owner, const std::string& profile) {
  return reap(owner, [&](pid_t pid) {
    return profile.empty() || profile_of(pid, owner) == profile;
  });
}

std::vector<long> reap_own_chromes(const std::string& owner) {
  auto self = identify(::getpid());
  return reap(owner, [&](pid_t pid) {
    return started_with(pid, "BERTH_DAEMON") == self;
  });
}

} // namespace berth::cdp

#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace berth::apps {

/// A line that one of them wrote, or its end.
struct heard {
  pid_t who = -1;
  std::string line;
  std::optional<int> ended; ///< Exit status; a signal is 128 plus its number.
};

/// Other runs of a program whose output is read, line by line. They are ended
/// with this object, and told to end if we die.
class processes {
public:
  /// With a group of its own, a process and what it starts can be signalled
  /// as one, and a terminal's Ctrl-C does not reach them.
  explicit processes(bool own_groups) : own_groups_{own_groups} {
    // nop
  }

  ~processes(); ///< Ends by SIGKILL whoever still runs.
  processes(const processes&) = delete;
  processes& operator=(const processes&) = delete;

  /// Returns the process id, or -1. It ends with status 127 if there is no
  /// such program.
  pid_t start(const std::vector<std::string>& argv);

  /// Waits so long at most until one of them says something or ends.
  std::vector<heard> listen(std::chrono::milliseconds most);

  /// To the process alone.
  void signal(pid_t which, int number) const;

  /// To it and whatever it started, if groups are their own.
  void signal_all(pid_t which, int number) const;

  size_t running() const {
    return known_.size();
  }

private:
  struct pipe_end {
    int fd = -1;
    std::string buffer;
  };

  void read(pid_t who, std::vector<heard>& out);

  bool own_groups_;
  std::map<pid_t, pipe_end> known_;
};

} // namespace berth::apps

#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace berth::apps {

/// Other runs of a program, ended with this object. Their output is not read.
class children {
public:
  children() = default;
  ~children(); ///< Ends by SIGKILL whoever still runs.
  children(const children&) = delete;
  children& operator=(const children&) = delete;

  /// Returns the process id, or -1.
  pid_t start(const std::vector<std::string>& argv);

  void kill(pid_t which);

  /// Asks it to end by SIGTERM, and waits until it has.
  void stop(pid_t which);

  /// The exit status of one that has ended by now, or nothing: -1. A signal
  /// counts as 128 plus its number.
  int poll(pid_t which);

  size_t running() const {
    return pids_.size();
  }

private:
  std::vector<pid_t> pids_;
};

/// The path of the program that runs.
std::string own_program();

} // namespace berth::apps

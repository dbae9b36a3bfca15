#pragma once

#include "cdp/chrome.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace berth::cdp {

/// A Chrome of our own as the operating system sees it: a process group that
/// is marked with its owner. Every member is quick; none throws.
class chrome_process {
public:
  /// Starts it. On failure `trouble` says why and there is no process.
  static std::optional<chrome_process>
  launch(const launch_options& how, std::string& trouble);

  /// The Chrome of this owner that runs: whoever drove it is dead, or let it
  /// go, or has lost the state directory. None if it is of another program,
  /// lacks one of these flags, or does not have these pipes.
  static std::optional<chrome_process> survivor(const launch_options& how);

  /// Whether a Chrome of this owner has the profile, however it was launched.
  static bool has_another(const launch_options& how);

  pid_t pid() const {
    return pid_;
  }

  /// How it ended, for people; none while it runs. Collects the process.
  std::optional<std::string> ended();

  /// What it is that ended before it answered: no program, if it ended as a
  /// shell does that finds none, or may not run it.
  chrome_end start_failure() const {
    return no_program_ ? chrome_end::not_started : chrome_end::fell;
  }

  /// As by SIGTERM, for one that does not listen to us yet.
  void ask_to_end();

  /// Ends the whole group, now. `ended` tells when it is over.
  void kill();

  /// Of one that has ended.
  void kill_children();

  /// Removes what a killed Chrome leaves: its pipes, the lock on its profile.
  void clean_up() const;

  /// The last of what it wrote to stderr.
  std::string last_words() const;

private:
  bool runs() const;

  chrome_process(const launch_options& how, pid_t pid)
    : profile_{how.profile},
      pipes_{how.pipes},
      log_{how.log},
      ours_{how.ours},
      pid_{pid} {
    // nop
  }

  std::string profile_;
  pipe_names pipes_;
  std::string log_;
  std::function<bool()> ours_;
  std::string identity_; ///< Of one that is no child of ours.
  pid_t pid_;
  bool collected_ = false;
  bool no_program_ = false;
};

/// The flags that a managed Chrome gets; `docs/operations.md` says why.
std::vector<std::string> chrome_flags(const launch_options& how);

/// The process ids of Chromes that are marked with this owner, without their
/// children.
std::vector<long> find_chromes_of(const std::string& owner);

/// The profiles of those Chromes.
std::vector<std::string> profiles_of(const std::string& owner);

/// Ends Chromes marked with this owner, with their children, and removes their
/// profile locks; with a `profile` only those that use it. Never touches an
/// unmarked one. Only for whoever owns the state directory, when no Chrome of
/// its own runs there. Returns the process ids it ended.
std::vector<long>
reap_orphan_chromes(const std::string& owner, const std::string& profile = {});

/// The same, of those that this very process has launched.
std::vector<long> reap_own_chromes(const std::string& owner);

} // namespace berth::cdp

// Processes as /proc shows them.

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace berth::cdp {

/// A process that no other one, not even a later one with the same pid, shares
/// the text with: pid and start time. Empty if there is no such process.
std::string identify(pid_t pid);

/// The value of a variable in the environment the process was started with.
std::string started_with(pid_t pid, const std::string& variable);

/// The words that the process was started with.
std::vector<std::string> command_line(pid_t pid);

/// Whether it is this process, or one of those that it descends from.
bool is_above(pid_t pid);

/// Whether it runs the program that this process does.
bool runs_our_program(pid_t pid);

/// Every process there is.
std::vector<pid_t> all_processes();

/// The process, all its descendants and its process group, by SIGKILL.
void kill_tree(pid_t pid);

/// Returns when none of these processes runs any more, or after so long: the
/// end of one that was killed takes a moment.
void await_end(const std::vector<long>& pids, std::chrono::milliseconds most);

/// Whether anybody of this process group still runs.
bool group_lives(pid_t group);

/// Bytes that the processes of this group use; what several share counts once
/// among them. 0 if there is none.
std::uint64_t memory_of_group(pid_t group);

/// How long the main thread of this process has run, or waited for a processor,
/// since it was started. None: not known, or it waits for a disk.
std::optional<std::chrono::nanoseconds> effort_of(pid_t pid);

/// The process of this user that has this socket open, by the socket's inode:
/// the youngest, if several have it. 0: there is none that may be looked at, in
/// this namespace of processes, among the first few thousand open files.
pid_t process_with_socket(uid_t user, std::uint64_t inode);

/// Shuts down all sockets of this process (see `identify`), as if everybody it
/// speaks with had hung up; its ports are free. False: that is not allowed, or
/// it is another process.
bool cut_off(const std::string& process);

/// Removes what a Chrome that was killed left of its lock on the profile, also
/// in the directory for temporary files. Does nothing while the process that
/// has the lock runs.
void remove_profile_lock(const std::string& profile);

} // namespace berth::cdp

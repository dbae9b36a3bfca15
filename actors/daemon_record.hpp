// `daemon.json`: how the daemon of a state directory may be reached, and how it
// is. It tells, and proves nothing: that there is an owner only the lock says.

#pragma once

#include "actors/runtime.hpp"
#include "protocol/ownership.hpp"

#include <optional>
#include <string>

namespace berth::actors {

/// This process, which has no door yet.
daemon_record describe_self();

/// What is written down in this directory, whether it is true or not.
std::optional<daemon_record>
read_record(const std::string& state_dir, const char* file = "/daemon.json");

/// Readers see the old one or the new one.
bool write_record(const std::string& state_dir, const daemon_record& what);

protocol::process_fate fate_of(const daemon_record& x);

/// False: the machine was started anew since, or it is another one.
bool is_of_this_boot(const daemon_record& x);

/// "process 42, since 2024-05-06 07:08:09"
std::string describe(const daemon_record& x);

} // namespace berth::actors

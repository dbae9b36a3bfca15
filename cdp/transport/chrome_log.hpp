// What Chrome writes to its standard error: bounded, though Chrome holds the
// file and knows nothing of that. Also included from C++17 files.

#pragma once

#include <cstddef>
#include <string>

namespace berth::cdp {

/// Then it is cut.
inline constexpr std::size_t chrome_log_max = std::size_t{8} << 20;

/// So much of its end is kept beside it.
inline constexpr std::size_t chrome_log_kept = std::size_t{1} << 20;

bool is_full(const std::string& log);

/// Keeps the end of the log as `LOG.1`, and empties the log. Chrome must append
/// to it. What it writes meanwhile may be lost. Takes as long as the disk.
void cut_log(const std::string& log);

} // namespace berth::cdp

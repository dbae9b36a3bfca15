// Profiles: those that Chrome may not be able to read any more, and what Chrome
// writes down there.

#pragma once

#include <optional>
#include <string>

namespace berth::cdp {

/// Nothing is deleted. Moves the directory aside, to `profile.aside-1` or so,
/// with a note beside it. Returns where it is; empty if there is none, if it
/// cannot be moved, or if three are aside already. Nobody may use it.
std::string move_aside(const std::string& profile);

/// The other way round. Whatever is in its place by now is discarded: no Chrome
/// has come up with it.
void move_back(const std::string& from, const std::string& profile);

/// Removes what was discarded, which may take a while.
void remove_discarded(const std::string& profile);

/// "ws://127.0.0.1:40123/devtools/browser/...", as Chrome wrote it down; none
/// unless it was started with `--remote-debugging-port`, which Berth does not.
std::optional<std::string> debugging_address(const std::string& profile);

/// What an earlier Chrome wrote there leads to nobody, or to somebody else.
void forget_debugging_address(const std::string& profile);

} // namespace berth::cdp

// Profiles that Chrome may not be able to read any more. Nothing is deleted.

#pragma once

#include <string>

namespace berth::cdp {

/// Moves the directory aside, to `profile.aside-1` or so, with a note beside
/// it. Returns where it is; empty if there is none, if it cannot be moved, or
/// if three are aside already. Nobody may use it.
std::string move_aside(const std::string& profile);

/// The other way round. Whatever is in its place by now is removed: no Chrome
/// has come up with it.
void move_back(const std::string& from, const std::string& profile);

} // namespace berth::cdp

#pragma once

#include "protocol/config.hpp"

#include <string>

namespace berth::actors {

/// Why agents may not have files of theirs there, as a sentence; empty: they
/// may. Those places are `upload.dirs`, or else the user's home and the
/// temporary directory; never Berth's own and Chrome's profiles.
/// @param real Without links, `.` and `..`: what a link leads to counts.
std::string refuse_place(const std::string& real, const protocol::config& how);

} // namespace berth::actors

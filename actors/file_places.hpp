#pragma once

#include "protocol/config.hpp"

#include <string>

namespace berth::actors {

/// Why agents may not have files of theirs there, as a sentence; empty: they
/// may. Those places are `upload.dirs`, or else the user's home and the
/// temporary directory; never Berth's own and Chrome's profiles.
/// @param real Without links, `.` and `..`: what a link leads to counts.
std::string refuse_place(const std::string& real, const protocol::config& how);

/// The same by the name alone, before the disk is asked: what is mounted
/// elsewhere may never answer, and everybody would wait for it.
/// @param path Absolute.
std::string refuse_name(const std::string& path, const protocol::config& how);

/// Why Chrome may not be told to read this file, as a sentence; empty: it may.
/// Another user who may change a directory on the way to it, or what is in it,
/// could put a link in its place before Chrome reads.
std::string refuse_changeable(const std::string& real);

} // namespace berth::actors

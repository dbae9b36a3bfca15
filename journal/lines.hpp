// The journal as lines of text, for people, for other programs, and to save
// what can be read of a damaged file: a JSON object a line. The first is
// {"journal": "berth", "version": 3, "ends": true}, the last {"end": 70}, with
// how many rows there are; each of the others is a row:
// {"table": "lease", "row": {"id": 4, ...}}. Texts of earlier versions have no
// end.

#pragma once

#include "protocol/outcome.hpp"

#include <cstddef>
#include <functional>
#include <istream>
#include <string>

namespace berth::journal {

/// Hands on line after line; returns how many rows that were. Of a damaged file
/// it hands on what can be read, and then fails with `journal.damaged`.
protocol::outcome<size_t>
export_lines(const std::string& path,
             const std::function<void(const std::string&)>& take);

/// Makes a journal of lines that this or an earlier version exported. The
/// file appears whole, or not at all. There must be none. What has a line of
/// more than `line_max` bytes is no journal.
protocol::outcome<size_t>
import_lines(const std::string& path, std::istream& from,
             size_t line_max = size_t{256} << 20);

} // namespace berth::journal

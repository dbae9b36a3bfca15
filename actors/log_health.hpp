// What the program's log lacks. There is one log in a process, whoever opened
// it, and so one account of it.

#pragma once

#include <string>

namespace berth::actors {

/// A line that could not be written. From the log's own thread.
void note_lost_line(const std::string& why);

/// For whoever asks for the daemon's status; empty: the log has every line.
std::string log_trouble();

} // namespace berth::actors

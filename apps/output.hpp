// Whether what a command printed has arrived: a full disk or a closed stream
// makes a command fail that else has done its work.

#pragma once

#include <string>

namespace berth::apps {

/// To be called first. Standard streams that are closed are opened on nothing:
/// else the next file or socket would be taken for one of them.
void keep_standard_streams();

/// Writes out what was printed so far. True, and true ever after, if some of
/// it was lost.
bool output_is_lost();

/// For who goes on without: what was lost counts no more.
void forgive_lost_output();

/// Says so, once, with what was done nevertheless, on standard error. Returns
/// the exit code of a command that has failed.
int report_lost_output(const std::string& what_was_done);

} // namespace berth::apps

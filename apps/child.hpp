// How a child of ours is started, and what its end says.

#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace berth::apps {

/// Runs argv[0], a path, with nothing to read and its output to `out`. It is
/// told to end when we do, however that ends. With `own_group` a terminal's
/// Ctrl-C does not reach it. Returns the process id, or -1; it ends with
/// status 127 if there is no such program.
pid_t start_child(const std::vector<std::string>& argv, int out,
                  bool own_group);

/// From what `waitpid` tells. A signal counts as 128 plus its number.
int exit_status(int state);

} // namespace berth::apps

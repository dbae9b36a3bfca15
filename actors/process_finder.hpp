// Looks up which process is at the other end of a connection.

#pragma once

#include "protocol/types.hpp"

#include <caf/all.hpp>

#include <cstdint>

namespace berth::actors {

/// Which process of this user has the socket?
struct find_process {
  uint32_t uid = 0;
  uint64_t socket = 0;       ///< Its inode.
  protocol::timestamp until; ///< Nobody waits longer for it.
};

/// To be spawned detached: it looks at many files of /proc.
using process_finder_actor = caf::typed_actor<
  // Answers with the process id; zero: it was not found.
  caf::replies_to<find_process>::with<int64_t>>;

process_finder_actor::behavior_type
process_finder(process_finder_actor::pointer self);

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::find_process)

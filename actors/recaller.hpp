// Reads what is durable of a session, so that nobody else waits for the disk.

#pragma once

#include "actors/interfaces.hpp"
#include "protocol/outcome.hpp"

#include <functional>
#include <optional>

namespace berth::actors {

/// What is durable of this session?
struct recall_session {
  session_id session;
};

struct recalled_session {
  std::optional<session_row> row; ///< None: it is not open.
};

/// To be spawned detached, where recalling waits for a disk.
using recaller_actor
  = caf::typed_actor<caf::replies_to<recall_session>::with<recalled_session>>;

/// None: it is not open. Fails if the journal cannot be read.
using session_recall
  = std::function<protocol::outcome<std::optional<session_row>>(session_id)>;

recaller_actor::behavior_type recaller(const session_recall& recall);

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::recall_session)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::recalled_session)

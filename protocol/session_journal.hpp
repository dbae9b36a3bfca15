#pragma once

#include "protocol/event.hpp"
#include "protocol/session_event.hpp"

namespace berth::protocol {

/// What happened in a session, as the journal keeps it.
event describe(session_id where, const session_event& x, timestamp now);

} // namespace berth::protocol

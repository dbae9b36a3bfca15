// What a session's actor and its page side say to each other (the acts and the
// reports of the session's rules, as they are), and what a session and the
// registry of sessions do. Nothing here crosses a wire.

#pragma once

#include "protocol/session_event.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

namespace berth::actors {

/// The page side has the tab that it waited for in line, or lost its place:
/// then it may join again after this time.
struct line_left {
  protocol::duration retry_after{};
};

/// The session takes no more requests, and may be ended.
struct session_over {
  protocol::session_id session;
};

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::begin_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::halt_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::recover_tab_of)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::confirm_prompt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::follow_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::join_line)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::leave_line)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::discard_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::leave_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::page_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::line_left)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::session_over)

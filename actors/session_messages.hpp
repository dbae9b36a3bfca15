// What a session's actor and its page side say to each other: the acts and the
// reports of the session's rules, as they are. Nothing here crosses a wire.

#pragma once

#include "protocol/session_event.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::begin_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::halt_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::recover_tab_of)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::confirm_prompt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::follow_run)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::discard_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::leave_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::page_report)

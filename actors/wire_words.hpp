// Which types of messages may come over the wire, and to whom.

#pragma once

#include "protocol/wire_gate.hpp"

#include <string_view>

namespace berth::actors {

/// A request of a type that the receiver has a handler for, and sound.
/// @param peer The only node whose actors may be in it.
bool is_request(protocol::receiver whom, const protocol::message_head& what,
                const protocol::node_name& peer);

/// What a client's watcher answers: nothing, or an error.
bool is_answer(const protocol::message_head& what,
               const protocol::node_name& peer);

/// CAF's error, as it is at the end of a `down` frame.
bool is_error(std::string_view bytes, const protocol::node_name& peer);

} // namespace berth::actors

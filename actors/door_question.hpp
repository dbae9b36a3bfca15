// Questions at the door of another daemon, by somebody who is no client of it.
// They block, each for so long at most.

#pragma once

#include "actors/runtime.hpp"
#include "protocol/outcome.hpp"
#include "protocol/ownership.hpp"

namespace berth::actors {

protocol::outcome<protocol::owner_health>
ask_health(const daemon_record& whom, protocol::duration within);

protocol::outcome<protocol::owner_health>
ask_to_step_down(const daemon_record& whom, protocol::duration within);

} // namespace berth::actors

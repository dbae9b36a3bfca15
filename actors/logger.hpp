#pragma once

#include "actors/interfaces.hpp"

namespace berth::actors {

/// Writes every event into the program's log, a line each.
watcher_actor::behavior_type
logger(watcher_actor::pointer self, const recorder_actor& from);

} // namespace berth::actors

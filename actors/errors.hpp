// Failures as CAF carries them, and back: the one conversion of the house.

#pragma once

#include "actors/interfaces.hpp"

namespace berth::actors {

/// The failure travels whole, as the error's context.
caf::error to_error(protocol::failure x);

/// What a client is told. An error that does not carry a failure comes from
/// CAF itself: a timeout, a dead receiver, a lost link, or a bug.
protocol::failure to_failure(const caf::error& x);

} // namespace berth::actors

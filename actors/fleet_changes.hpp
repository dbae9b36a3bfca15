// What an operator does to browsers. Only for fleet.cpp, which has the rest.

#pragma once

#include "actors/fleet.hpp"

#include <optional>

namespace berth::actors {

using fleet_ptr = fleet_shell::stateful_pointer<fleet_state>;

caf::result<browser_view> change(fleet_ptr self, const change_browser& x);
caf::result<browser_view> add(fleet_ptr self, const add_browser& x);

// -- fleet.cpp ----------------------------------------------------------------

/// Null if there is none.
fleet_state::member* find_member(fleet_ptr self, const browser_name& which);

/// How long it may take to end.
duration end_patience(const fleet_state::member& x);

void tell_admission(fleet_ptr self, const fleet_state::member& x);

/// One more. Returns why it cannot be made, if so.
std::optional<failure>
launch(fleet_ptr self, const browser_settings& how, bool draining);

} // namespace berth::actors

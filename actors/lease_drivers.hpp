// Who drives the tabs of leases, as their registry sees it: what follows when
// one of them fails. Only for lease_registry.cpp, which has the rest.

#pragma once

#include "actors/lease_registry.hpp"

namespace berth::actors {

using lease_registry_ptr
  = lease_registry_shell::stateful_pointer<registry_state>;

/// A tab's actor has ended.
void lost_driver(lease_registry_ptr self, const caf::down_msg& down);

/// Who drives the lease's tab, as soon as somebody does.
caf::result<opened_lease> find_driver(lease_registry_ptr self, lease_ref which);

/// Has the tabs of the leases that were kept. One that is gone is there as a
/// lost one, which can be recovered.
/// @param revived Called for each, as soon as it is there or over.
void revive_tabs(lease_registry_ptr self, const admission_actor& admission,
                 const std::function<void()>& revived);

// -- lease_registry.cpp -------------------------------------------------------

/// Nobody can drive its tab any more.
void end_as_failed(lease_registry_ptr self, lease_id which, const failure& why);

} // namespace berth::actors

// What a client wants changed of its lease, and what must outlive a crew: it is
// written down first, and carried out when that is durable. What the journal
// does not take is refused, and was not done. The answer takes as long as the
// recorder does: who gives up first could only say that it does not know.

#pragma once

#include "actors/lease_registry.hpp"

#include <functional>

namespace berth::actors {

using carry_out_decision = std::function<void(const lease_decision&)>;

/// Another ttl holds for the next crew, too: it is durable before it is said.
caf::result<duration>
renew_when_durable(lease_registry_shell::stateful_pointer<registry_state> self,
                   const renew_lease& x, const carry_out_decision& settle);

/// Ends a lease on request, if that was not refused already, and answers once
/// its tab is gone. What was said to be given back must not live on under the
/// next crew, and what was refused must not have been done. A conversation's
/// lease ends in any case: nobody would use it any more.
caf::result<void>
end_when_durable(lease_registry_shell::stateful_pointer<registry_state> self,
                 lease_ref which, errc verdict, end_reason why,
                 const carry_out_decision& settle);

} // namespace berth::actors

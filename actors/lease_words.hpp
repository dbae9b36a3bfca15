// What the lease registry tells of leases.

#pragma once

#include "protocol/lease_table.hpp"
#include "protocol/request.hpp"

namespace berth::actors {

/// Why a lease is over, for whoever had it.
protocol::failure ended(const protocol::lease& x, protocol::end_reason why);

/// Why nothing was done with it.
protocol::failure refusal(protocol::errc code, protocol::lease_ref which,
                          const protocol::lease_table::limits& most);

protocol::grant to_grant(const protocol::lease& x, protocol::timestamp now);

} // namespace berth::actors

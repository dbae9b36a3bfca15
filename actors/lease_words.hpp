// What the lease registry tells of leases.

#pragma once

#include "protocol/lease_table.hpp"
#include "protocol/request.hpp"

#include <caf/error.hpp>

#include <map>
#include <string>
#include <vector>

namespace berth::actors {

/// Why a lease is over, for whoever had it.
protocol::failure ended(const protocol::lease& x, protocol::end_reason why);

/// Why nothing was done with it.
protocol::failure refusal(protocol::errc code, protocol::lease_ref which,
                          const protocol::lease_table::limits& most);

/// The same, as an answer.
caf::error refuse(protocol::errc code, protocol::lease_ref which,
                  const protocol::lease_table::limits& most);

protocol::grant to_grant(const protocol::lease& x, protocol::timestamp now);

/// A session's page sides follow one another, each with an id of its own.
bool belongs_to(const protocol::lease& row, protocol::client_id whom);

/// A client that is connected.
struct holder {
  std::string name;
  int64_t pid = 0; ///< Of its process; 0: not known.
};

/// All there are, with those of their holders that are connected.
std::vector<protocol::lease_view>
list(const protocol::lease_table& all,
     const std::map<protocol::client_id, holder>& holders,
     protocol::timestamp now);

} // namespace berth::actors

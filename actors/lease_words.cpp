#include "actors/lease_words.hpp"

#include "actors/errors.hpp"
#include "protocol/session.hpp"

#include <algorithm>

namespace berth::actors {

using namespace protocol;

failure ended(const lease& x, end_reason why) {
  auto code
    = why == end_reason::client_gone ? errc::client_gone : errc::lease_gone;
  return fail(code, "Lease " + std::to_string(x.id.value)
                      + " is over: " + to_string(why) + ".");
}

failure refusal(errc code, lease_ref which, const lease_table::limits& most) {
  switch (code) {
    case errc::stale_token:
      return fail(code, to_string(which)
                          + " is not the token in force; the lease was granted "
                            "anew since.");
    case errc::lease_gone:
      return fail(code, "There is no lease " + std::to_string(which.lease.value)
                          + " any more.");
    case errc::lease_opening:
      return fail(code, "Lease " + std::to_string(which.lease.value)
                          + " has no tab yet.");
    case errc::ttl_too_long:
      return fail(code,
                  "'ttl' may be at most " + to_string(most.ttl_max) + ".");
    case errc::grace_too_long:
      return fail(code,
                  "'grace' may be at most " + to_string(most.grace_max) + ".");
    default:
      return fail(code, "The lease registry refused.");
  }
}

caf::error refuse(errc code, lease_ref which, const lease_table::limits& most) {
  return to_error(refusal(code, which, most));
}

grant to_grant(const lease& x, timestamp now) {
  return {lease_ref{x.id, x.token},
          x.key,
          x.kind,
          x.profile,
          x.target,
          x.generation,
          x.deadline - now,
          x.browser};
}

bool belongs_to(const lease& row, client_id whom) {
  auto session = session_of(whom);
  return row.client == whom || (session && session_of(row.client) == session);
}

std::vector<lease_view>
list(const lease_table& all, const std::map<client_id, holder>& holders,
     timestamp now) {
  std::vector<lease_view> result;
  for (auto& [id, x] : all.rows()) {
    auto found = holders.find(x.client);
    auto who = found == holders.end() ? holder{} : found->second;
    result.push_back({id, x.key, x.kind, x.profile, x.state, x.client, who.name,
                      who.pid, x.target, false, x.generation,
                      std::max(x.deadline - now, duration{0}), x.browser});
  }
  return result;
}

} // namespace berth::actors

// Leases: who may drive which tab, and until when.
//
// The requests below go to the lease registry, which asks `lease_table` and
// carries out what it decides. Its events answer the client, feed the journal
// and the dashboard, and are what the tests compare.

#pragma once

#include "protocol/credential.hpp"
#include "protocol/enums.hpp"
#include "protocol/failure.hpp"
#include "protocol/types.hpp"

#include <string>
#include <variant>
#include <vector>

namespace berth::protocol {

/// What a lease's life hangs on.
enum class holder_kind : uint8_t {
  client,  ///< Ends with the connection that acquired it.
  session, ///< Outlives connections; ends at its own deadline.
};

template <>
constexpr holder_kind last_of() {
  return holder_kind::session;
}

/// Where a lease's tab keeps its cookies and storage.
enum class profile_kind : uint8_t {
  shared,   ///< The browser's default context, with everybody's logins.
  isolated, ///< A context of its own, disposed with the lease.
};

template <>
constexpr profile_kind last_of() {
  return profile_kind::isolated;
}

enum class lease_state : uint8_t {
  opening, ///< Granted and recorded; its tab is being made.
  bound,   ///< Its tab may be driven.
  closing, ///< Ended; its tab is being closed, its slot not yet free.
};

template <>
constexpr lease_state last_of() {
  return lease_state::closing;
}

/// Why a lease ended.
enum class end_reason : uint8_t {
  released,    ///< By its holder.
  expired,     ///< Nothing was heard from its holder until the deadline.
  client_gone, ///< Its client's connection ended.
  revoked,     ///< By the operator.
  not_opened,  ///< Its tab could not be made.
  failed,      ///< What drove its tab had an accident: a bug.
  daemon_gone, ///< The daemon, or the crew, that granted it has ended.
};

const char* to_string(holder_kind x);
const char* to_string(profile_kind x);
const char* to_string(lease_state x);
const char* to_string(end_reason x);

/// The right to drive `target` until `deadline`.
struct lease {
  lease_id id;
  work_key key;
  fencing_token token;
  holder_kind kind{};
  client_id client; ///< Who acquired it; who loses it, if client-held.
  slot_id slot;
  profile_kind profile{};
  lease_state state{};
  target_id target;        ///< Empty until bound.
  uint64_t generation = 0; ///< Of the tab: 1, and one more per recovery.
  duration ttl{};
  duration grace{}; ///< How long it outlives a lost connection.
  timestamp deadline;
  browser_name browser; ///< Where its tab is, or will be.
  std::string url;      ///< Of an earlier epoch: where its tab was.
  /// Of an earlier epoch: where its downloads go. Empty: they are refused.
  std::string downloads;

  friend bool operator==(const lease&, const lease&) = default;
};

// -- requests -----------------------------------------------------------------

/// Asks for a lease on a tab still to be made, in a slot already granted.
struct grant_lease {
  client_id client;
  work_key key;
  slot_id slot;
  holder_kind kind{};
  profile_kind profile{};
  duration ttl{};   ///< Zero: the default.
  duration grace{}; ///< Zero: ends at once with its connection.
  browser_name browser{};

  friend bool operator==(const grant_lease&, const grant_lease&) = default;
};

/// Tells that the lease's tab is there (again).
struct bind_lease {
  lease_ref lease;
  target_id target;
  uint64_t generation = 1;
};

/// A heartbeat: moves the deadline to `ttl` from `at`. Zero keeps the ttl.
struct renew_lease {
  lease_credential lease;
  duration ttl{};
};

// -- events -------------------------------------------------------------------

/// The row is there, with a token newer than any before; no tab yet.
struct lease_granted {
  struct lease lease;
  friend bool operator==(const lease_granted&, const lease_granted&) = default;
};

/// The holder drives the tab from now on.
struct lease_bound {
  struct lease lease;
  friend bool operator==(const lease_bound&, const lease_bound&) = default;
};

/// The holder was heard from: only the deadline moved.
struct lease_renewed {
  struct lease lease;
  friend bool operator==(const lease_renewed&, const lease_renewed&) = default;
};

/// Its connection is lost: the lease ends unless the client is back in time.
struct lease_orphaned {
  struct lease lease;
  friend bool operator==(const lease_orphaned&, const lease_orphaned&)
    = default;
};

/// The holder's right is over; the tab is closed next, then the slot is free.
struct lease_ended {
  struct lease lease;
  end_reason why{};
  friend bool operator==(const lease_ended&, const lease_ended&) = default;
};

using lease_event = std::variant<lease_granted, lease_bound, lease_renewed,
                                 lease_orphaned, lease_ended>;

/// The verdict answers whoever asked; the events tell what changed, in order.
struct lease_decision {
  errc verdict = errc::ok;
  std::vector<lease_event> events;

  friend bool operator==(const lease_decision&, const lease_decision&)
    = default;
};

} // namespace berth::protocol

// Events as the journal keeps them and as a watching client hears them: one
// flat record, whatever it tells of. Fields that do not apply are empty.

#pragma once

#include "protocol/admission.hpp"
#include "protocol/enums.hpp"
#include "protocol/lease.hpp"

#include <string>
#include <vector>

namespace berth::protocol {

enum class event_kind : uint8_t {
  lease_granted,     ///< lease, token, key, client.
  lease_bound,       ///< The same, with target and generation.
  lease_orphaned,    ///< The same: its client's connection is lost.
  lease_ended,       ///< The same; `detail` is the reason.
  ticket_issued,     ///< ticket, key, client, ahead, estimate.
  ticket_ended,      ///< ticket, key, client; `detail` is the reason.
  slot_granted,      ///< slot, key, client, ticket if it waited.
  slot_returned,     ///< slot, key.
  tab_lost,          ///< lease, target, generation, cause.
  tab_recovered,     ///< lease, target, generation.
  popup_opened,      ///< lease, target; `detail` is the address.
  popup_refused,     ///< lease, target: over the limit, closed.
  target_orphaned,   ///< target, lease: its lease is over, it did not close.
  target_closed,     ///< target: an orphan was closed by the reaper.
  dialog_answered,   ///< lease, target; `detail` is the dialog's message.
  download_done,     ///< lease, target; `detail` is the file's path.
  download_failed,   ///< lease, target; `detail` says why.
  client_joined,     ///< client; `detail` is its name.
  client_left,       ///< client; `detail` says how.
  browser_up,        ///< browser; `detail` is Chrome's version.
  browser_down,      ///< browser; `detail` says why.
  actor_restarted,   ///< `detail` is its name and why.
  events_missed,     ///< A watcher was too slow; `detail` says how many.
  session_opened,    ///< session, key, client: who opened it.
  session_closed,    ///< session; `detail` is the reason.
  provider_switched, ///< session, key: of its later runs.
  run_queued,        ///< session, run, ahead; `detail` is the reason.
  run_started,       ///< session, run, key; `estimate` until its deadline.
  run_confirmed,     ///< session, run: its prompt is in the conversation.
  run_progressed,    ///< session, run, length.
  run_adrift,        ///< session, run, cause: its tab is lost.
  run_resumed,       ///< session, run: it has a tab again.
  run_yielding,      ///< session, run: gives way, and will be queued again.
  run_settled,       ///< session, run; `detail` is its result, and why.
  run_overdue,       ///< session, run: told to stop, and has not ended.
  run_ended,         ///< session, run: the session is free.
  tab_parked,        ///< lease, key, target: it was its tab, and is clean.
  tab_unparked,      ///< target; whose it is: lease, key; else `detail`.
  browser_changed,   ///< browser; `detail` is what became of it, and why.
  session_moved,     ///< session, browser: there its tabs are from now on.
  tab_moved,         ///< lease, target; `detail` is its new address.
  events_suppressed, ///< lease: its pages caused too many; `detail`: how many.
  downloads_kept, ///< lease, target; `detail`: in this directory from now on.
};

template <>
constexpr event_kind last_of() {
  return event_kind::downloads_kept;
}

const char* to_string(event_kind x);

struct event {
  uint64_t number = 0; ///< Given by the recorder: 1, 2, 3, ... in an epoch.
  duration at{};       ///< Given by the recorder: since it was started.
  event_kind kind{};
  lease_id lease;
  fencing_token token;
  client_id client;
  ticket_id ticket;
  slot_id slot;
  session_id session;
  run_id run;
  uint64_t length = 0; ///< Characters of the answer so far.
  std::string key;
  std::string target;
  uint64_t generation = 0;
  loss_cause cause{};
  uint64_t ahead = 0;
  duration estimate{};
  std::string detail;
  std::string browser; ///< Where, of whatever has to do with one.

  friend bool operator==(const event&, const event&) = default;
};

using events = std::vector<event>;

/// How much a client wants to hear.
enum class interest : uint8_t {
  ends, ///< The ends of its leases: what nobody can do without.
  own,  ///< All that concerns it.
  all,  ///< Whatever happens to anybody.
};

template <>
constexpr interest last_of() {
  return interest::all;
}

/// Is this news for a client with this interest?
bool concerns(const event& what, client_id whom, interest how_much);

/// None for what is not journaled (a mere renewal).
std::optional<event> describe(const lease_event& x);
std::optional<event> describe(const admission_event& x);

} // namespace berth::protocol

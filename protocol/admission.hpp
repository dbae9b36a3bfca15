// Admission: who may have a tab now, who waits, and who is told to come back.
//
// A slot is the right to have one tab. The admission actor asks the rule
// `admission_queue`; nobody creates a tab without a slot, and a slot comes
// back only when its tab is gone.

#pragma once

#include "protocol/failure.hpp"
#include "protocol/types.hpp"

#include <string>
#include <variant>
#include <vector>

namespace berth::protocol {

// -- requests -----------------------------------------------------------------

/// Asks for a slot now (`wait` zero) or within `wait`.
struct ask_slot {
  client_id client;
  work_key key;
  duration wait{};
  browser_name browser{}; ///< Where; empty: wherever there is room.

  friend bool operator==(const ask_slot&, const ask_slot&) = default;
};

// -- events -------------------------------------------------------------------

/// A place in the queue, as its owner sees it.
struct ticket {
  ticket_id id;
  client_id client;
  work_key key;
  uint64_t ahead = 0;  ///< How many of the same key are served before it.
  duration estimate{}; ///< How long that may take, judged by the past.
  timestamp deadline;
  browser_name browser{}; ///< In whose line it stands.

  friend bool operator==(const ticket&, const ticket&) = default;
};

/// The asker may have a tab. `ticket` is zero if it did not have to wait.
struct slot_granted {
  slot_id slot;
  ticket_id ticket;
  client_id client;
  work_key key;
  browser_name browser{};
  friend bool operator==(const slot_granted&, const slot_granted&) = default;
};

/// The asker waits.
struct ticket_issued {
  struct ticket ticket;
  friend bool operator==(const ticket_issued&, const ticket_issued&) = default;
};

/// The ticket is worth nothing any more: expired, cancelled, its client gone.
struct ticket_ended {
  ticket_id ticket;
  client_id client;
  work_key key;
  errc why{};
  browser_name browser{};
  std::string words{}; ///< Its browser's own, if it ended because of that.
  friend bool operator==(const ticket_ended&, const ticket_ended&) = default;
};

/// A slot came back.
struct slot_returned {
  slot_id slot;
  work_key key;
  browser_name browser{};
  friend bool operator==(const slot_returned&, const slot_returned&) = default;
};

using admission_event
  = std::variant<slot_granted, ticket_issued, ticket_ended, slot_returned>;

/// A refusal changes nothing: its events are empty, and `why` says it all.
struct admission_decision {
  failure why; ///< `ok` if it was not refused.
  std::vector<admission_event> events;

  friend bool operator==(const admission_decision&, const admission_decision&)
    = default;
};

} // namespace berth::protocol

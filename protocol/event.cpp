#include "protocol/event.hpp"

#include <array>

namespace berth::protocol {

namespace {

constexpr std::array<const char*, 43> names{
  "lease_granted",   "lease_bound",       "lease_orphaned",  "lease_ended",
  "ticket_issued",   "ticket_ended",      "slot_granted",    "slot_returned",
  "tab_lost",        "tab_recovered",     "popup_opened",    "popup_refused",
  "target_orphaned", "target_closed",     "dialog_answered", "download_done",
  "download_failed", "client_joined",     "client_left",     "browser_up",
  "browser_down",    "actor_restarted",   "events_missed",   "session_opened",
  "session_closed",  "provider_switched", "run_queued",      "run_started",
  "run_confirmed",   "run_progressed",    "run_adrift",      "run_resumed",
  "run_yielding",    "run_settled",       "run_overdue",     "run_ended",
  "tab_parked",      "tab_unparked",      "browser_changed", "session_moved",
  "tab_moved",       "events_suppressed", "downloads_kept",
};

static_assert(names.size() == size_t(event_kind::downloads_kept) + 1);

} // namespace

const char* to_string(event_kind x) {
  auto i = static_cast<size_t>(x);
  return i < names.size() ? names[i] : "unknown";
}

namespace {

event of_lease(event_kind kind, const lease& x) {
  event result;
  result.kind = kind;
  result.lease = x.id;
  result.token = x.token;
  result.client = x.client;
  result.slot = x.slot;
  result.key = x.key.value;
  result.target = x.target.value;
  result.generation = x.generation;
  result.browser = x.browser.value;
  return result;
}

struct describe_lease {
  std::optional<event> operator()(const lease_granted& x) const {
    return of_lease(event_kind::lease_granted, x.lease);
  }

  std::optional<event> operator()(const lease_bound& x) const {
    return of_lease(event_kind::lease_bound, x.lease);
  }

  std::optional<event> operator()(const lease_renewed&) const {
    return std::nullopt;
  }

  std::optional<event> operator()(const lease_orphaned& x) const {
    return of_lease(event_kind::lease_orphaned, x.lease);
  }

  std::optional<event> operator()(const lease_ended& x) const {
    auto result = of_lease(event_kind::lease_ended, x.lease);
    result.detail = to_string(x.why);
    return result;
  }
};

struct describe_admission {
  std::optional<event> operator()(const slot_granted& x) const {
    event result;
    result.kind = event_kind::slot_granted;
    result.slot = x.slot;
    result.ticket = x.ticket;
    result.client = x.client;
    result.key = x.key.value;
    result.browser = x.browser.value;
    return result;
  }

  std::optional<event> operator()(const ticket_issued& x) const {
    event result;
    result.kind = event_kind::ticket_issued;
    result.ticket = x.ticket.id;
    result.client = x.ticket.client;
    result.key = x.ticket.key.value;
    result.ahead = x.ticket.ahead;
    result.estimate = x.ticket.estimate;
    result.browser = x.ticket.browser.value;
    return result;
  }

  std::optional<event> operator()(const ticket_ended& x) const {
    event result;
    result.kind = event_kind::ticket_ended;
    result.ticket = x.ticket;
    result.client = x.client;
    result.key = x.key.value;
    result.detail = to_string(x.why);
    result.browser = x.browser.value;
    return result;
  }

  std::optional<event> operator()(const slot_returned& x) const {
    event result;
    result.kind = event_kind::slot_returned;
    result.slot = x.slot;
    result.key = x.key.value;
    result.browser = x.browser.value;
    return result;
  }
};

} // namespace

bool concerns(const event& what, client_id whom, interest how_much) {
  switch (how_much) {
    case interest::all:
      return true;
    case interest::own:
      return what.client == whom;
    case interest::ends:
      return what.client == whom && what.kind == event_kind::lease_ended;
  }
  return true;
}

std::optional<event> describe(const lease_event& x) {
  return std::visit(describe_lease{}, x);
}

std::optional<event> describe(const admission_event& x) {
  return std::visit(describe_admission{}, x);
}

} // namespace berth::protocol

#include "protocol/event.hpp"

namespace berth::protocol {

const char* to_string(event_kind x) {
  switch (x) {
    case event_kind::lease_granted:
      return "lease_granted";
    case event_kind::lease_bound:
      return "lease_bound";
    case event_kind::lease_orphaned:
      return "lease_orphaned";
    case event_kind::lease_ended:
      return "lease_ended";
    case event_kind::ticket_issued:
      return "ticket_issued";
    case event_kind::ticket_ended:
      return "ticket_ended";
    case event_kind::slot_granted:
      return "slot_granted";
    case event_kind::slot_returned:
      return "slot_returned";
    case event_kind::tab_lost:
      return "tab_lost";
    case event_kind::tab_recovered:
      return "tab_recovered";
    case event_kind::popup_opened:
      return "popup_opened";
    case event_kind::popup_refused:
      return "popup_refused";
    case event_kind::target_orphaned:
      return "target_orphaned";
    case event_kind::target_closed:
      return "target_closed";
    case event_kind::dialog_answered:
      return "dialog_answered";
    case event_kind::download_done:
      return "download_done";
    case event_kind::download_failed:
      return "download_failed";
    case event_kind::client_joined:
      return "client_joined";
    case event_kind::client_left:
      return "client_left";
    case event_kind::browser_up:
      return "browser_up";
    case event_kind::browser_down:
      return "browser_down";
    case event_kind::actor_restarted:
      return "actor_restarted";
    case event_kind::events_missed:
      return "events_missed";
    case event_kind::session_opened:
      return "session_opened";
    case event_kind::session_closed:
      return "session_closed";
    case event_kind::provider_switched:
      return "provider_switched";
    case event_kind::run_queued:
      return "run_queued";
    case event_kind::run_started:
      return "run_started";
    case event_kind::run_confirmed:
      return "run_confirmed";
    case event_kind::run_progressed:
      return "run_progressed";
    case event_kind::run_adrift:
      return "run_adrift";
    case event_kind::run_resumed:
      return "run_resumed";
    case event_kind::run_yielding:
      return "run_yielding";
    case event_kind::run_settled:
      return "run_settled";
    case event_kind::run_overdue:
      return "run_overdue";
    case event_kind::run_ended:
      return "run_ended";
  }
  return "unknown";
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
    return result;
  }

  std::optional<event> operator()(const ticket_ended& x) const {
    event result;
    result.kind = event_kind::ticket_ended;
    result.ticket = x.ticket;
    result.client = x.client;
    result.key = x.key.value;
    result.detail = to_string(x.why);
    return result;
  }

  std::optional<event> operator()(const slot_returned& x) const {
    event result;
    result.kind = event_kind::slot_returned;
    result.slot = x.slot;
    result.key = x.key.value;
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

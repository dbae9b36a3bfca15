#include "scenarios/story_words.hpp"

namespace berth::scenarios {

namespace {

std::string number(uint64_t x) {
  return std::to_string(x);
}

std::string plural(uint64_t n, const std::string& what) {
  return number(n) + ' ' + what + (n == 1 ? "" : "s");
}

} // namespace

std::string to_words(const failure& x) {
  auto result = std::string{"refused "} + to_string(x.code);
  if (x.cap > 0)
    result += ", " + number(x.active) + " of " + number(x.cap) + " taken";
  if (x.retry_after > duration{0})
    result += ", again in " + to_string(x.retry_after);
  if (x.code == errc::tab_lost)
    result += std::string{", "} + to_string(x.cause) + ", generation "
              + number(x.generation)
              + (x.restorable ? ", restorable" : ", not restorable");
  if (x.code == errc::script_threw || x.code == errc::navigation_failed)
    result += ": " + x.what;
  return result;
}

std::string to_words(const grant& x) {
  return "granted " + to_string(x.lease);
}

std::string to_words(const status& x) {
  return "sees " + plural(x.slots, "slot") + " taken, "
         + plural(x.leases.size(), "lease") + ", " + number(x.tickets.size())
         + " waiting, Chrome " + to_string(x.browser.state);
}

std::optional<std::string> to_words(const event& x) {
  auto lease = to_string(lease_ref{x.lease, x.token});
  switch (x.kind) {
    case event_kind::ticket_issued:
      return "waits with ticket " + number(x.ticket.value) + ", "
             + number(x.ahead) + " ahead";
    case event_kind::lease_ended:
      return "hears that " + lease + " is over: " + x.detail;
    case event_kind::tab_lost:
      return "hears that the tab of " + lease
             + " is lost: " + to_string(x.cause);
    case event_kind::tab_recovered:
      return "hears that the tab of " + lease + " is back, generation "
             + number(x.generation);
    case event_kind::popup_opened:
      return "hears that a popup of " + lease + " opened: " + x.detail;
    case event_kind::popup_refused:
      return "hears that a popup was refused";
    case event_kind::dialog_answered:
      return "hears that a dialog was answered: " + x.detail;
    default:
      return std::nullopt;
  }
}

std::string journal_line(const event& x) {
  auto result = std::string{to_string(x.kind)};
  if (x.lease && x.token != fencing_token{})
    result += ' ' + to_string(lease_ref{x.lease, x.token});
  else if (x.lease)
    result += " of lease " + number(x.lease.value);
  if (x.slot)
    result += " slot " + number(x.slot.value);
  if (x.ticket)
    result += " ticket " + number(x.ticket.value);
  if (!x.detail.empty())
    result += " (" + x.detail + ')';
  return result;
}

} // namespace berth::scenarios

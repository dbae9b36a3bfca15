#include "scenarios/story_words.hpp"

#include <utility>

namespace berth::scenarios {

namespace {

std::string number(uint64_t x) {
  return std::to_string(x);
}

/// Then its own words matter.
bool is_of_browser(errc x) {
  return x == errc::browser_unavailable || x == errc::browser_unknown
         || x == errc::browser_busy;
}

/// Where, unless there is only one.
std::string in_browser(const browser_name& x) {
  return !x || x == browser_settings{}.name ? "" : " in " + x.value;
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
  if (x.owner > 0)
    result += ", run " + number(x.owner) + " has it";
  for (const char* before = ", may be "; auto candidate : x.candidates)
    result += std::exchange(before, " or ") + number(candidate);
  if (x.code == errc::tab_lost)
    result += std::string{", "} + to_string(x.cause) + ", generation "
              + number(x.generation)
              + (x.restorable ? ", restorable" : ", not restorable");
  if (x.code == errc::script_threw || x.code == errc::navigation_failed
      || is_of_browser(x.code))
    result += ": " + x.what;
  return result;
}

std::string to_words(const grant& x) {
  return "granted " + to_string(x.lease.ref) + in_browser(x.browser);
}

std::string to_words(const status& x) {
  uint64_t parked = 0;
  std::string health;
  for (const auto& one : x.browsers) {
    parked += one.parked;
    auto alone = x.browsers.size() == 1;
    health += std::string{", "} + (alone ? "Chrome" : one.name.value) + ' '
              + to_string(one.state);
    if (!alone)
      health += " with " + plural(one.slots, "slot") + " taken";
    if (one.draining)
      health += ", drained";
  }
  return "sees " + plural(x.slots, "slot") + " taken, "
         + plural(x.leases.size(), "lease") + ", " + number(x.tickets.size())
         + " waiting" + (parked > 0 ? ", " + number(parked) + " parked" : "")
         + health;
}

std::string to_words(const browser_view& x) {
  return "finds browser " + x.name.value + ' ' + to_string(x.state)
         + (x.draining ? ", drained" : "");
}

std::string to_words(const run_view& x) {
  auto result = "run " + number(x.run.value) + " is " + to_string(x.state);
  if (x.state == session_state::queued)
    result += std::string{": "} + to_string(x.hold) + ", " + number(x.ahead)
              + " ahead";
  else if (x.state == session_state::complete)
    result += ": " + x.answer;
  else if (x.why.code != errc::ok)
    result
      += std::string{": "}
         + (is_of_browser(x.why.code) ? x.why.what : to_string(x.why.code));
  else if (x.length > 0)
    result += ", " + number(x.length) + " characters";
  if (x.ending)
    result += ", not seen to end yet";
  return result;
}

std::string to_words(const session_view& x) {
  return "session " + number(x.session.value) + " with " + x.provider + " is "
         + to_string(x.state) + in_browser(x.browser) + ", " + number(x.queued)
         + " queued";
}

std::string to_words(const session_act& x) {
  struct say {
    static std::string of(const char* what, run_ref run) {
      return what + number(run.run.value);
    }

    std::string operator()(const begin_run& act) const {
      return of("begins run ", act.run) + " with " + act.provider;
    }

    std::string operator()(const halt_run& act) const {
      return of("halts run ", act.run);
    }

    std::string operator()(const recover_tab_of& act) const {
      return of("makes a new tab for run ", act.run);
    }

    std::string operator()(const confirm_prompt& act) const {
      return of("looks for the prompt of run ", act.run);
    }

    std::string operator()(const follow_run& act) const {
      return of("follows run ", act.run);
    }

    std::string operator()(const join_line& act) const {
      return of("waits in line for a tab for run ", act.run);
    }

    std::string operator()(const leave_line&) const {
      return "leaves the line";
    }

    std::string operator()(const discard_tab& act) const {
      return of("discards the tab of run ", act.run);
    }

    std::string operator()(const leave_tab&) const {
      return "leaves its tab";
    }

    std::string operator()(const answer_waiter&) const {
      return "answers"; // No page side is told so.
    }
  };
  return std::visit(say{}, x);
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
    case event_kind::run_queued:
      return "hears that run " + number(x.run.value) + " waits: " + x.detail;
    case event_kind::run_started:
      return "hears that run " + number(x.run.value) + " starts";
    case event_kind::run_progressed:
      return "hears that run " + number(x.run.value) + " has "
             + number(x.length) + " characters";
    case event_kind::run_settled:
      return "hears that run " + number(x.run.value) + " is " + x.detail;
    case event_kind::session_closed:
      return "hears that session " + number(x.session.value)
             + " is over: " + x.detail;
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
  if (x.session)
    result += " session " + number(x.session.value);
  if (x.run)
    result += " run " + number(x.run.value);
  if (x.slot)
    result += " slot " + number(x.slot.value);
  if (x.ticket)
    result += " ticket " + number(x.ticket.value);
  if (!x.detail.empty())
    result += " (" + x.detail + ')';
  return result;
}

} // namespace berth::scenarios

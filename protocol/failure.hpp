// How a request may fail: one code per answer, and what belongs to it.
//
// A failure says what happened (`what`, written for this case), what was not
// done and what to do next (fixed for each code, see `advice`).

#pragma once

#include "protocol/enums.hpp"
#include "protocol/types.hpp"

#include <vector>

namespace berth::protocol {

/// Every value but `ok` is one that a client may receive. The dotted name in
/// each comment is what the wire, the command line and the documents show.
enum class errc : uint8_t {
  ok = 0,
  // -- leases
  stale_token,    ///< `lease.stale_token`: the token is not the one in force.
  lease_gone,     ///< `lease.gone`: ended, or never was.
  ttl_too_long,   ///< `lease.ttl_too_long`: over the configured limit.
  grace_too_long, ///< `lease.grace_too_long`: the same, of a grace.
  lease_opening,  ///< `lease.opening`: its tab is not there yet.
  /// `lease.wrong_credential`: whether there is such a lease is not said.
  wrong_credential,
  // -- admission
  capacity,         ///< `provider.capacity`: with active, cap, retry_after.
  queue_full,       ///< `admission.queue_full`: no place in the queue.
  ticket_expired,   ///< `ticket.expired`: the wait reached its deadline.
  ticket_cancelled, ///< `ticket.cancelled`: by its client.
  ticket_unknown,   ///< `ticket.unknown`: served, ended, or never was.
  // -- tabs
  tab_lost,       ///< `tab.lost`: with cause, generation, restorable.
  tab_overloaded, ///< `tab.overloaded`: too many commands under way.
  target_unknown, ///< `tab.target_unknown`: not a tab of this lease.
  // -- pages
  navigation_failed, ///< `page.navigation_failed`: Chrome's own reason.
  script_threw,      ///< `page.script_threw`: the exception's text.
  element_missing,   ///< `page.element_not_found`: within the deadline.
  element_unusable,  ///< `page.element_unusable`: hidden, covered, disabled.
  page_blank,        ///< `page.blank`: nothing was loaded in this tab yet.
  // -- sessions
  session_busy,       ///< `session.busy`: with owner, retry_after.
  session_queue_full, ///< `session.queue_full`: with active, cap, owner.
  session_closed,     ///< `session.closed`: ended, by whom it says.
  session_unknown,    ///< `session.unknown`: ended, or never was.
  session_ambiguous,  ///< `session.ambiguous`: with candidates.
  session_limit,      ///< `session.limit`: with active, cap.
  session_restarted,  ///< `session.restarted`: in the middle of a request.
  run_unknown,        ///< `run.unknown`: forgotten, or never was.
  run_stale,          ///< `run.stale`: a report of an old epoch.
  run_stopped,        ///< `run.stopped`: before its answer was complete.
  run_superseded,     ///< `run.superseded`: by a later prompt; owner.
  run_timed_out,      ///< `run.timed_out`: no whole answer by its deadline.
  send_unconfirmed,   ///< `send.unconfirmed`: it may or may not be sent.
  // -- providers
  provider_unknown, ///< `provider.unknown`: no profile has this name.
  login_required,   ///< `provider.login_required`: a person must log in.
  rate_limited,     ///< `provider.rate_limited`: with retry_after.
  interstitial,     ///< `provider.interstitial`: a page stands in the way.
  // -- requests
  deadline_exceeded, ///< `deadline.exceeded`: it may still take effect.
  invalid_argument,  ///< `request.invalid`: says which field and why.
  too_large,         ///< `request.too_large`: a message over its limit.
  answer_too_large,  ///< `answer.too_large`: the result is over its limit.
  method_denied,     ///< `cdp.denied`: not permitted on a shared browser.
  file_denied,       ///< `file.denied`: not to be handed to a page.
  cdp_error,         ///< `cdp.error`: Chrome refused; its code and words.
  // -- the daemon
  browser_unavailable, ///< `browser.unavailable`: with retry_after.
  browser_unknown,     ///< `browser.unknown`: none has this name.
  browser_busy,        ///< `browser.busy`: it has leases; with active.
  client_limit,        ///< `client.limit`: too many connections.
  client_gone,         ///< `client.gone`: this connection was ended.
  client_rights,       ///< `client.rights`: only an operator may do this.
  version_mismatch,    ///< `client.version`: speaks another protocol.
  stopping,            ///< `daemon.stopping`: serves nobody new.
  unreachable,         ///< `daemon.unreachable`: no daemon answers there.
  cut_off,             ///< `daemon.cut_off`: before it answered.
  occupied,            ///< `daemon.occupied`: its place cannot be taken.
  journal_failed,      ///< `journal.failed`: it could not be made durable.
  journal_damaged,     ///< `journal.damaged`: its file cannot be trusted.
  journal_newer,       ///< `journal.newer`: written by a later version.
  journal_fenced,      ///< `journal.fenced`: a later epoch has begun.
  output_failed,       ///< `output.failed`: standard output takes no more.
  internal,            ///< `berth.internal`: a bug; please report it.
};

template <>
constexpr errc last_of() {
  return errc::internal;
}

inline constexpr size_t errc_count = count_of<errc>();

/// The dotted name, `lease.stale_token`.
const char* to_string(errc x);

/// None if no code has this dotted name.
std::optional<errc> parse_errc(std::string_view name);

/// What every failure of one code has in common.
struct advice {
  const char* not_done; ///< What did not happen.
  const char* next;     ///< What to do now.
  bool again;           ///< The same request may succeed later.
};

advice advice_for(errc x);

/// How a tab was lost.
enum class loss_cause : uint8_t {
  none = 0,
  crashed,      ///< Its renderer crashed.
  destroyed,    ///< Chrome reports that the tab is gone.
  closed,       ///< Closed by its own page or by a person.
  detached,     ///< Another debugger took it.
  unresponsive, ///< It answered nothing, nor a question after that.
  browser_gone, ///< Its Chrome ended, or the connection to it.
  driver_gone,  ///< Berth's own part that drove it failed; the tab is there.
};

template <>
constexpr loss_cause last_of() {
  return loss_cause::driver_gone;
}

const char* to_string(loss_cause x);

/// The answer to a request that was not carried out.
struct failure {
  errc code = errc::ok;
  std::string what;        ///< What happened, for this very case.
  duration retry_after{};  ///< capacity, queue_full, session_busy, and more.
  uint64_t active = 0;     ///< capacity: how many there are.
  uint64_t cap = 0;        ///< capacity: how many there may be.
  uint64_t generation = 0; ///< tab_lost: of the tab that is gone.
  loss_cause cause{};      ///< tab_lost.
  bool restorable = false; ///< tab_lost: `recover` may bring it back.
  uint64_t owner = 0;      ///< session_busy: the run that has the session.
  /// session_ambiguous: the sessions that may have been meant.
  std::vector<uint64_t> candidates;

  friend bool operator==(const failure&, const failure&) = default;
};

/// A failure that is no more than its code and its own words.
failure fail(errc code, std::string what);

} // namespace berth::protocol

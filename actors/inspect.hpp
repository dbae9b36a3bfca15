// How CAF reads, writes and prints the words of the protocol. The protocol
// itself knows nothing of this.

#pragma once

#include "protocol/command.hpp"
#include "protocol/event.hpp"
#include "protocol/ownership.hpp"
#include "protocol/request.hpp"
#include "protocol/session_view.hpp"

#include <caf/detail/stringification_inspector.hpp>
#include <caf/meta/type_name.hpp>

#include <type_traits>

namespace berth::protocol {

template <class Inspector, class Tag>
auto inspect(Inspector& f, id<Tag>& x) {
  return f(x.value);
}

template <class Inspector, class Tag>
auto inspect(Inspector& f, name<Tag>& x) {
  return f(x.value);
}

template <class Inspector>
auto inspect(Inspector& f, fencing_token& x) {
  return f(caf::meta::type_name("token"), x.epoch, x.sequence);
}

template <class Inspector>
auto inspect(Inspector& f, lease_ref& x) {
  return f(caf::meta::type_name("ref"), x.lease, x.token);
}

/// CAF also prints with this, into logs and error texts: there it is a word.
template <class Inspector>
auto inspect(Inspector& f, lease_proof& x) {
  if constexpr (std::is_same_v<Inspector,
                               caf::detail::stringification_inspector>)
    return f("secret");
  else
    return f(x.bytes);
}

template <class Inspector>
auto inspect(Inspector& f, lease_credential& x) {
  return f(caf::meta::type_name("credential"), x.ref, x.proof);
}

template <class Inspector>
auto inspect(Inspector& f, failure& x) {
  return f(caf::meta::type_name("failure"), x.code, x.what, x.retry_after,
           x.active, x.cap, x.generation, x.cause, x.restorable, x.owner,
           x.candidates);
}

// -- request.hpp --------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, acquire& x) {
  return f(caf::meta::type_name("acquire"), x.key, x.wait, x.ttl, x.grace,
           x.kind, x.profile, x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, grant& x) {
  return f(caf::meta::type_name("grant"), x.lease, x.key, x.kind, x.profile,
           x.target, x.generation, x.expires_in, x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, renew_lease& x) {
  return f(caf::meta::type_name("renew_lease"), x.lease, x.ttl);
}

template <class Inspector>
auto inspect(Inspector& f, release_lease& x) {
  return f(caf::meta::type_name("release_lease"), x.lease);
}

template <class Inspector>
auto inspect(Inspector& f, revoke_lease& x) {
  return f(caf::meta::type_name("revoke_lease"), x.lease);
}

template <class Inspector>
auto inspect(Inspector& f, cancel_ticket& x) {
  return f(caf::meta::type_name("cancel_ticket"), x.ticket);
}

template <class Inspector>
auto inspect(Inspector& f, get_status&) {
  return f(caf::meta::type_name("get_status"));
}

template <class Inspector>
auto inspect(Inspector& f, lease_view& x) {
  return f(caf::meta::type_name("lease_view"), x.lease, x.key, x.kind,
           x.profile, x.state, x.client, x.client_name, x.pid, x.target, x.lost,
           x.generation, x.expires_in, x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, ticket_view& x) {
  return f(caf::meta::type_name("ticket_view"), x.ticket, x.client, x.key,
           x.ahead, x.estimate, x.expires_in, x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, browser_view& x) {
  return f(caf::meta::type_name("browser_view"), x.state, x.managed, x.product,
           x.endpoint, x.pid, x.starts, x.tabs, x.unowned, x.parked, x.trouble,
           x.name, x.draining, x.since, x.again_in, x.deaths, x.slots,
           x.slots_max, x.tabs_max, x.waiting);
}

template <class Inspector>
auto inspect(Inspector& f, change_browser& x) {
  return f(caf::meta::type_name("change_browser"), x.which, x.what);
}

template <class Inspector>
auto inspect(Inspector& f, add_browser& x) {
  return f(caf::meta::type_name("add_browser"), x.name, x.url, x.start_within,
           x.stop_within, x.per_key, x.global, x.tabs, x.age_max,
           x.tabs_made_max, x.memory_max);
}

template <class Inspector>
auto inspect(Inspector& f, get_health&) {
  return f(caf::meta::type_name("get_health"));
}

template <class Inspector>
auto inspect(Inspector& f, step_down&) {
  return f(caf::meta::type_name("step_down"));
}

template <class Inspector>
auto inspect(Inspector& f, owner_health& x) {
  return f(caf::meta::type_name("owner_health"), x.pid, x.epoch, x.up, x.chrome,
           x.down, x.grace, x.stopping);
}

template <class Inspector>
auto inspect(Inspector& f, key_view& x) {
  return f(caf::meta::type_name("key_view"), x.key, x.active, x.cap, x.waiting,
           x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, status& x) {
  return f(caf::meta::type_name("status"), x.version, x.pid, x.epoch, x.uptime,
           x.clients, x.slots, x.slots_max, x.tabs_max, x.browsers, x.keys,
           x.leases, x.tickets, x.journal_trouble, x.log_trouble);
}

template <class Inspector>
auto inspect(Inspector& f, event& x) {
  return f(caf::meta::type_name("event"), x.number, x.at, x.kind, x.lease,
           x.token, x.client, x.ticket, x.slot, x.session, x.run, x.length,
           x.key, x.target, x.generation, x.cause, x.ahead, x.estimate,
           x.detail, x.browser);
}

// -- command.hpp --------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, addressee& x) {
  return f(caf::meta::type_name("to"), x.lease, x.target, x.within);
}

template <class Inspector>
auto inspect(Inspector& f, answer& x) {
  return f(caf::meta::type_name("answer"), x.value, x.target, x.generation);
}

template <class Inspector>
auto inspect(Inspector& f, navigate& x) {
  return f(caf::meta::type_name("navigate"), x.to, x.url, x.until);
}

template <class Inspector>
auto inspect(Inspector& f, evaluate& x) {
  return f(caf::meta::type_name("evaluate"), x.to, x.expression);
}

template <class Inspector>
auto inspect(Inspector& f, click& x) {
  return f(caf::meta::type_name("click"), x.to, x.selector);
}

template <class Inspector>
auto inspect(Inspector& f, type_text& x) {
  return f(caf::meta::type_name("type_text"), x.to, x.selector, x.text, x.clear,
           x.submit);
}

template <class Inspector>
auto inspect(Inspector& f, wait_for& x) {
  return f(caf::meta::type_name("wait_for"), x.to, x.kind, x.what);
}

template <class Inspector>
auto inspect(Inspector& f, screenshot& x) {
  return f(caf::meta::type_name("screenshot"), x.to, x.format, x.quality,
           x.full_page);
}

template <class Inspector>
auto inspect(Inspector& f, snapshot& x) {
  return f(caf::meta::type_name("snapshot"), x.to, x.kind);
}

template <class Inspector>
auto inspect(Inspector& f, upload& x) {
  return f(caf::meta::type_name("upload"), x.to, x.selector, x.paths);
}

template <class Inspector>
auto inspect(Inspector& f, set_download_directory& x) {
  return f(caf::meta::type_name("set_download_directory"), x.to, x.path);
}

template <class Inspector>
auto inspect(Inspector& f, call_cdp& x) {
  return f(caf::meta::type_name("call_cdp"), x.to, x.method, x.params);
}

template <class Inspector>
auto inspect(Inspector& f, recover_tab& x) {
  return f(caf::meta::type_name("recover_tab"), x.to);
}

template <class Inspector>
auto inspect(Inspector& f, describe_tab& x) {
  return f(caf::meta::type_name("describe_tab"), x.to);
}

// -- session.hpp, session_view.hpp
// ---------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, open_session& x) {
  return f(caf::meta::type_name("open_session"), x.provider, x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, prompt& x) {
  return f(caf::meta::type_name("prompt"), x.text, x.files, x.model, x.effort);
}

template <class Inspector>
auto inspect(Inspector& f, send_prompt& x) {
  return f(caf::meta::type_name("send_prompt"), x.until, x.what, x.background,
           x.interrupt, x.delay, x.timeout, x.wait, x.session);
}

template <class Inspector>
auto inspect(Inspector& f, poll_run& x) {
  return f(caf::meta::type_name("poll_run"), x.run, x.wait, x.session);
}

template <class Inspector>
auto inspect(Inspector& f, stop_run& x) {
  return f(caf::meta::type_name("stop_run"), x.run, x.session);
}

template <class Inspector>
auto inspect(Inspector& f, switch_provider& x) {
  return f(caf::meta::type_name("switch_provider"), x.provider, x.session);
}

template <class Inspector>
auto inspect(Inspector& f, reattach_session& x) {
  return f(caf::meta::type_name("reattach_session"), x.session);
}

template <class Inspector>
auto inspect(Inspector& f, close_session& x) {
  return f(caf::meta::type_name("close_session"), x.session);
}

template <class Inspector>
auto inspect(Inspector& f, show_session& x) {
  return f(caf::meta::type_name("show_session"), x.session);
}

template <class Inspector>
auto inspect(Inspector& f, list_sessions&) {
  return f(caf::meta::type_name("list_sessions"));
}

template <class Inspector>
auto inspect(Inspector& f, watch_session& x) {
  return f(caf::meta::type_name("watch_session"), x.session);
}

template <class Inspector>
auto inspect(Inspector& f, run_view& x) {
  return f(caf::meta::type_name("run_view"), x.session, x.run, x.state,
           x.ending, x.hold, x.ahead, x.due_in, x.background, x.provider, x.url,
           x.title, x.elapsed, x.left, x.length, x.answer, x.why);
}

template <class Inspector>
auto inspect(Inspector& f, session_view& x) {
  return f(caf::meta::type_name("session_view"), x.session, x.provider, x.state,
           x.url, x.owner, x.queued, x.waiting, x.unused, x.runs, x.browser);
}

template <class Inspector>
auto inspect(Inspector& f, session_list& x) {
  return f(caf::meta::type_name("session_list"), x.sessions);
}

} // namespace berth::protocol

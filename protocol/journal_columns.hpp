// What the columns of each table are called, and which member each of them is:
// the one list that the tables, their writing and their reading go by.

#pragma once

#include "protocol/journal.hpp"

namespace berth::protocol::detail {

template <class F>
void columns(F& f, audit_row& x) {
  auto& e = x.what;
  f("serial", x.serial), f("epoch", x.epoch), f("at", x.at);
  f("kind", e.kind), f("lease", e.lease), f("token_epoch", e.token.epoch);
  f("token_sequence", e.token.sequence), f("client", e.client);
  f("ticket", e.ticket), f("slot", e.slot), f("session", e.session);
  f("run", e.run), f("length", e.length), f("key", e.key);
  f("target", e.target), f("generation", e.generation), f("cause", e.cause);
  f("ahead", e.ahead), f("estimate", e.estimate), f("detail", e.detail);
  f("browser", e.browser);
}

template <class F>
void columns(F& f, lease& x) {
  f("id", x.id), f("token_epoch", x.token.epoch);
  f("token_sequence", x.token.sequence), f("key", x.key), f("holder", x.kind);
  f("client", x.client), f("slot", x.slot), f("profile", x.profile);
  f("state", x.state), f("target", x.target), f("generation", x.generation);
  f("ttl", x.ttl), f("grace", x.grace), f("browser", x.browser),
    f("url", x.url), f("downloads", x.downloads);
}

template <class F>
void columns(F& f, session_row& x) {
  f("id", x.id), f("provider", x.provider), f("addresses", x.addresses);
  f("owner", x.owner), f("over", x.over), f("runs_made", x.runs_made);
  f("used", x.used), f("closed", x.closed), f("browser", x.browser);
}

template <class F>
void columns(F& f, session_run& row) {
  auto& x = row.run;
  f("session", row.session), f("id", x.id), f("leg", x.leg);
  f("prompt", x.what.text), f("files", x.what.files);
  f("model", x.what.model), f("effort", x.what.effort);
  f("background", x.background), f("replaces", x.replaces), f("due", x.due);
  f("queued_until", x.queued_until), f("timeout", x.timeout);
  f("state", x.state), f("hold", x.hold), f("yields", x.yields),
    f("again", x.again);
  f("result", x.result), f("why", x.why.code), f("why_what", x.why.what);
  f("why_retry_after", x.why.retry_after), f("why_cause", x.why.cause);
  f("why_generation", x.why.generation), f("why_owner", x.why.owner);
  f("why_restorable", x.why.restorable), f("provider", x.provider);
  f("url", x.url), f("title", x.title), f("length", x.length);
  f("answer", x.answer), f("started", x.started), f("deadline", x.deadline);
  f("settled", x.settled), f("tabs_lost", x.tabs_lost);
}

template <class F>
void columns(F& f, client_row& x) {
  f("id", x.id), f("name", x.name);
}

template <class F>
void columns(F& f, browser_row& x) {
  f("name", x.name), f("up", x.up), f("detail", x.detail);
}

} // namespace berth::protocol::detail

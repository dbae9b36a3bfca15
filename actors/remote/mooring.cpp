#include "actors/remote/mooring.hpp"

#include "actors/remote/mooring_requests.hpp"

#include <caf/io/all.hpp>

#include <algorithm>

namespace berth::client {

using namespace detail;
using actors::hello;

namespace {

// -- the connection -----------------------------------------------------------

void fail_all(self_ptr self, const failure& why) {
  self->state.line.clear();
  for (auto& [number, promise] : std::exchange(self->state.promises, {}))
    promise.deliver(to_error(why));
}

void try_later(self_ptr self, failure why) {
  auto& st = self->state;
  ++st.attempt;
  st.gateway = nullptr;
  st.next_attempt = now(self) + st.backoff;
  st.backoff = std::min(st.backoff * 2, st.how.backoff_max);
  // No patience changes this answer.
  if (why.code == errc::version_mismatch)
    fail_all(self, why);
  st.trouble = std::move(why);
  arm(self);
}

void moor(self_ptr self, welcome& x) {
  auto& st = self->state;
  self->demonitor(st.gateway.address());
  st.gateway = nullptr;
  self->monitor(x.client);
  st.moored = std::move(x);
  st.backoff = st.how.backoff_min;
  if (st.watches_all && st.moored->operator_)
    self->request(st.moored->operator_, way_max, actors::watch_all{})
      .then([] {}, [](caf::error&) { /* the next connection says it again */ });
  for (auto which : st.watched)
    self->request(st.moored->client, way_max, watch_session{which})
      .then([](const session_view&) {}, [](caf::error&) { /* it has ended */ });
  st.held.renew_all(now(self));
  if (st.how.on_link)
    st.how.on_link({});
  for (auto& request : std::exchange(st.line, {}))
    request.send();
  arm(self);
}

actors::operator_proof proof_for(const mooring_options& how) {
  if (!how.operator_key)
    return {};
  return actors::prove(*how.operator_key, how.secret);
}

void greet(self_ptr self, const gateway_actor& gateway) {
  auto& st = self->state;
  auto attempt = st.attempt;
  // A handle that is dead already drops requests without a word, but a
  // monitor tells at once.
  self->monitor(gateway);
  st.gateway = gateway;
  hello greeting{wire_version,
                 st.how.secret,
                 st.how.name,
                 caf::actor_cast<watcher_actor>(self),
                 st.ear ? interest::own : interest::ends,
                 proof_for(st.how)};
  self->request(gateway, st.how.connect_within, std::move(greeting))
    .then(
      [=](welcome& x) {
        if (attempt == self->state.attempt)
          moor(self, x);
      },
      [=](caf::error& x) {
        if (attempt == self->state.attempt)
          try_later(self, to_failure(x));
      });
}

/// What CAF found there, in words of ours; empty: nobody.
std::string found_there(const caf::error& why) {
  using caf::sec;
  if (why == sec::cannot_connect_to_node)
    return {};
  if (why == sec::connection_timeout)
    return " Somebody listens there, and says nothing.";
  if (why == sec::disconnect_during_handshake)
    return " Somebody listens there, and closed the connection: a daemon that "
           "does not serve this user (door.uids), or another program.";
  if (why == sec::malformed_basp_message)
    return " Another program does.";
  return ' ' + to_failure(why).what;
}

failure not_reached(const std::string& nobody, const caf::error& why) {
  return fail(errc::unreachable, nobody + found_there(why));
}

void connect(self_ptr self) {
  auto& st = self->state;
  auto attempt = ++st.attempt;
  st.next_attempt.reset();
  // The blocking `remote_actor` would hold a thread for as long as it takes.
  self
    ->request(st.caller, st.how.connect_within, caf::connect_atom::value,
              st.how.host, st.how.port)
    .then(
      [=](const caf::node_id&, caf::strong_actor_ptr& who,
          const std::set<std::string>& speaks) {
        auto& system = self->system();
        if (attempt != self->state.attempt)
          return;
        if (!who)
          try_later(self, fail(errc::unreachable,
                               self->state.nobody + " Somebody else does."));
        else if (!system.assignable(speaks,
                                    system.message_types<gateway_actor>()))
          try_later(self, fail(errc::version_mismatch,
                               "what answers there speaks another protocol"));
        else
          greet(self, caf::actor_cast<gateway_actor>(who));
      },
      [=](caf::error& x) {
        if (attempt == self->state.attempt)
          try_later(self, not_reached(self->state.nobody, x));
      });
}

void note_down(self_ptr self, const caf::down_msg& x) {
  auto& st = self->state;
  if (st.gateway && x.source == st.gateway.address()) {
    try_later(self, fail(errc::unreachable, to_failure(x.reason).what));
  } else if (st.moored && x.source == st.moored->client.address()) {
    auto cause = to_failure(x.reason).what;
    auto broken = fail(errc::unreachable, "The connection broke: " + cause);
    st.moored.reset();
    fail_all(self, cut_off(cause));
    if (st.how.on_link)
      st.how.on_link(broken);
    try_later(self, std::move(broken));
  }
}

// -- time ---------------------------------------------------------------------

void renew(self_ptr self, const lease_credential& what) {
  auto lease = what.ref;
  self->request(self->state.moored->client, way_max, renew_lease{what, {}})
    .then(
      [=](const duration& lives) {
        note_answer(self, std::optional{lease}, lives);
      },
      // Any other failure: it is renewed again before its ttl is over.
      [=](caf::error& x) {
        note_failure(self, std::optional{lease}, to_failure(x));
      });
}

void wake(self_ptr self) {
  auto& st = self->state;
  auto at = now(self);
  st.alarm.rang(at);
  if (st.next_attempt && *st.next_attempt <= at)
    connect(self);
  if (st.moored)
    for (auto& lease : st.held.take_due(at))
      renew(self, lease);
  while (!st.line.empty() && st.line.front().until <= at) {
    auto number = st.line.front().number;
    st.line.pop_front();
    settle(self, number, to_error(st.trouble));
  }
  arm(self);
}

// -- events -------------------------------------------------------------------

caf::result<void> hear(self_ptr self, events& batch) {
  for (auto& x : batch)
    if (x.kind == event_kind::lease_ended)
      lose(self, {x.lease, x.token}, fail(errc::lease_gone, x.detail));
    else if (x.kind == event_kind::session_closed)
      self->state.watched.erase(x.session);
  // The daemon's next batch comes when this one was told to the end.
  if (self->state.ear)
    return self->delegate(self->state.ear, std::move(batch));
  return caf::unit;
}

watcher_actor::behavior_type
ear(watcher_actor::pointer, const std::function<void(const event&)>& on_event) {
  return {
    [on_event](const events& batch) {
      for (auto& x : batch) {
        try {
          on_event(x);
        } catch (...) {
          // The host's own; the other events are told all the same.
        }
      }
    },
  };
}

void leave(self_ptr self) {
  fail_all(self, fail(errc::client_gone, "the connection was closed"));
  self->quit();
}

caf::result<void> say_goodbye(self_ptr self) {
  auto promise = self->make_response_promise();
  auto& st = self->state;
  auto done = [=]() mutable {
    promise.deliver(caf::unit);
    leave(self);
  };
  if (st.moored)
    self->request(st.moored->client, way_max, actors::goodbye{})
      .then(done, [=](caf::error&) mutable {
        done();
      });
  else
    done();
  return caf::delegated<void>{};
}

caf::result<welcome> tell_welcome(self_ptr self) {
  auto promise = self->make_response_promise();
  submit(self, std::move(promise), [self](uint64_t number) {
    settle(self, number, *self->state.moored);
  });
  return caf::delegated<welcome>{};
}

mooring_shell::behavior_type mooring(self_ptr self, mooring_options how) {
  auto& st = self->state;
  if (how.on_event)
    st.ear = self->spawn<caf::detached>(ear, how.on_event);
  st.backoff = how.backoff_min;
  st.nobody
    = "No daemon answers at " + how.host + ':' + std::to_string(how.port) + '.';
  st.trouble = fail(errc::unreachable, st.nobody);
  st.caller = spawn_caller(self->system(), how.daemon_uids);
  self->link_to(st.caller);
  st.how = std::move(how);
  self->set_down_handler([=](caf::down_msg& x) {
    note_down(self, x);
  });
  self->set_exit_handler([=](caf::exit_msg&) {
    leave(self);
  });
  connect(self);
  return {
    forward<grant, acquire>(self),
    forward<duration, renew_lease>(self),
    forward<void, release_lease>(self),
    forward<void, revoke_lease>(self),
    forward<void, cancel_ticket>(self),
    forward<status, get_status>(self),
    forward<browser_view, change_browser>(self),
    forward<browser_view, add_browser>(self),
    forward<void, actors::watch_all>(self),
    forward<events, actors::get_recent>(self),
    forward<answer, navigate>(self),
    forward<answer, evaluate>(self),
    forward<answer, click>(self),
    forward<answer, type_text>(self),
    forward<answer, wait_for>(self),
    forward<answer, screenshot>(self),
    forward<answer, snapshot>(self),
    forward<answer, upload>(self),
    forward<answer, set_download_directory>(self),
    forward<answer, call_cdp>(self),
    forward<answer, recover_tab>(self),
    forward<answer, describe_tab>(self),
    forward<session_view, open_session>(self),
    forward<run_view, send_prompt>(self),
    forward<run_view, poll_run>(self),
    forward<run_view, stop_run>(self),
    forward<session_view, switch_provider>(self),
    forward<session_view, reattach_session>(self),
    forward<session_view, close_session>(self),
    forward<session_view, show_session>(self),
    forward<session_list, list_sessions>(self),
    forward<session_view, watch_session>(self),
    [self](const actors::goodbye&) {
      return say_goodbye(self);
    },
    [self](const get_welcome&) {
      return tell_welcome(self);
    },
    [self](events& batch) {
      return hear(self, batch);
    },
    [self](wake_atom) {
      wake(self);
    },
  };
}

} // namespace

mooring_actor spawn_mooring(caf::actor_system& system, mooring_options how) {
  return system.spawn(mooring, std::move(how));
}

} // namespace berth::client

#include "actors/remote/mooring.hpp"

#include "actors/errors.hpp"
#include "actors/remote/held_leases.hpp"
#include "actors/remote/patience.hpp"

#include <caf/io/all.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

namespace berth::client {

using namespace protocol;
using actors::client_actor;
using actors::gateway_actor;
using actors::hello;
using actors::to_error;
using actors::to_failure;
using actors::wake_atom;
using actors::wake_atom_v;
using actors::watcher_actor;
using actors::welcome;

namespace {

/// With what it hears from the daemon and from itself.
using mooring_shell = mooring_actor::extend<caf::replies_to<events>::with<void>,
                                            caf::reacts_to<wake_atom>>;

/// A request that waits for the connection.
struct waiting_request {
  uint64_t number = 0;
  timestamp until;
  std::function<void()> send;
};

struct mooring_state {
  static inline const char* name = "mooring";

  mooring_options how;
  watcher_actor ear; ///< Calls `on_event`, however slow that is.
  held_leases held;
  bool watches_all = false; ///< To be said again on every connection.

  // -- the connection
  gateway_actor gateway; ///< While it is greeted.
  std::optional<welcome> moored;
  uint64_t attempt = 0; ///< What an earlier one still hears is void.
  duration backoff{};
  std::optional<timestamp> next_attempt;
  failure trouble; ///< Why there is no connection.

  // -- requests: each is in `promises` until it is answered
  uint64_t last_number = 0;
  std::map<uint64_t, caf::response_promise> promises;
  std::deque<waiting_request> line; ///< In the order of `until`.

  std::optional<timestamp> armed;
};

using self_ptr = mooring_shell::stateful_pointer<mooring_state>;

timestamp now(self_ptr self) {
  return self->clock().now();
}

/// Arranges for a `wake` at the next deadline. One too early does no harm.
void arm(self_ptr self) {
  auto& st = self->state;
  std::optional<timestamp> due = st.next_attempt;
  auto consider = [&](std::optional<timestamp> x) {
    if (x && (!due || *x < *due))
      due = x;
  };
  if (st.moored)
    consider(st.held.next_renewal());
  if (!st.line.empty())
    consider(st.line.front().until);
  if (!due || (st.armed && *st.armed <= *due))
    return;
  st.armed = due;
  self->delayed_send(self, *due - now(self), wake_atom_v);
}

// -- answers ------------------------------------------------------------------

template <class Answer>
void settle(self_ptr self, uint64_t number, Answer what) {
  if (auto entry = self->state.promises.extract(number))
    entry.mapped().deliver(std::move(what));
}

void lose(self_ptr self, const lease_ref& lease, const failure& why) {
  auto& st = self->state;
  if (st.held.drop(lease) && st.how.on_lost)
    st.how.on_lost(lease, why);
}

void note_failure(self_ptr self, const std::optional<lease_ref>& about,
                  const failure& why) {
  if (about && ends_lease(why))
    lose(self, *about, why);
}

template <class Answer>
void note_answer(self_ptr, const std::optional<lease_ref>&, const Answer&) {
  // nop: nothing to remember
}

void note_answer(self_ptr self, const std::optional<lease_ref>&,
                 const grant& x) {
  self->state.held.hold(x, now(self));
  arm(self);
}

void note_answer(self_ptr self, const std::optional<lease_ref>& about,
                 const duration& lives) {
  if (about)
    self->state.held.renewed(*about, lives, now(self));
  arm(self);
}

// -- requests -----------------------------------------------------------------

template <class Request>
void note_request(self_ptr, const Request&) {
  // nop: nothing to remember
}

void note_request(self_ptr self, const release_lease& what) {
  // From now on it is not ours: renewing it would race with its end.
  self->state.held.drop(what.lease);
}

void note_request(self_ptr self, const actors::watch_all&) {
  self->state.watches_all = true;
}

/// To the daemon; there is a connection.
template <class Answer, class Request>
void send(self_ptr self, uint64_t number, Request what) {
  auto about = lease_of(what);
  auto within = patience(what);
  auto failed = [=](caf::error& x) {
    note_failure(self, about, to_failure(x));
    settle(self, number, std::move(x));
  };
  auto pending
    = self->request(self->state.moored->client, within, std::move(what));
  if constexpr (std::is_void_v<Answer>)
    pending.then(
      [=] {
        settle(self, number, caf::unit);
      },
      failed);
  else
    pending.then(
      [=](Answer& x) {
        note_answer(self, about, x);
        settle(self, number, std::move(x));
      },
      failed);
}

/// Now, or when there is a connection.
void submit(self_ptr self, caf::response_promise promise,
            std::function<void(uint64_t)> send) {
  auto& st = self->state;
  if (st.promises.size() >= st.how.requests_max) {
    promise.deliver(to_error(
      fail(errc::tab_overloaded, "too many requests of this client under way: "
                                   + std::to_string(st.how.requests_max))));
    return;
  }
  auto number = ++st.last_number;
  st.promises.emplace(number, std::move(promise));
  if (st.moored) {
    send(number);
    return;
  }
  auto until = now(self) + st.how.connect_within;
  st.line.push_back({number, until, [=] {
                       send(number);
                     }});
  arm(self);
}

/// The handler of one kind of request.
template <class Answer, class Request>
auto forward(self_ptr self) {
  return [self](Request& what) -> caf::result<Answer> {
    auto promise = self->make_response_promise();
    if (auto size = size_of(what); size > self->state.how.request_max) {
      promise.deliver(
        to_error(fail(errc::too_large, std::to_string(size) + " bytes")));
      return caf::delegated<Answer>{};
    }
    note_request(self, what);
    submit(self, std::move(promise), [=](uint64_t number) {
      send<Answer>(self, number, what);
    });
    return caf::delegated<Answer>{};
  };
}

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
  if (st.watches_all)
    self->request(st.moored->client, way_max, actors::watch_all{})
      .then([] {}, [](caf::error&) { /* the next connection says it again */ });
  st.held.renew_all(now(self));
  for (auto& request : std::exchange(st.line, {}))
    request.send();
  arm(self);
}

void greet(self_ptr self, gateway_actor gateway) {
  auto& st = self->state;
  auto attempt = st.attempt;
  // A handle that is dead already drops requests without a word, but a
  // monitor tells at once.
  self->monitor(gateway);
  st.gateway = gateway;
  hello greeting{wire_version, st.how.id, st.how.name,
                 caf::actor_cast<watcher_actor>(self)};
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

void connect(self_ptr self) {
  auto& st = self->state;
  auto attempt = ++st.attempt;
  st.next_attempt.reset();
  // The blocking `remote_actor` would hold a thread for as long as it takes.
  self
    ->request(self->system().middleman().actor_handle(), st.how.connect_within,
              caf::connect_atom::value, st.how.host, st.how.port)
    .then(
      [=](const caf::node_id&, caf::strong_actor_ptr& who,
          const std::set<std::string>& speaks) {
        auto& system = self->system();
        if (attempt != self->state.attempt)
          return;
        if (!who)
          try_later(self, fail(errc::unreachable, "nobody is published there"));
        else if (!system.assignable(speaks,
                                    system.message_types<gateway_actor>()))
          try_later(self, fail(errc::version_mismatch,
                               "what answers there speaks another protocol"));
        else
          greet(self, caf::actor_cast<gateway_actor>(std::move(who)));
      },
      [=](caf::error& x) {
        if (attempt == self->state.attempt)
          try_later(self, fail(errc::unreachable, to_failure(x).what));
      });
}

void note_down(self_ptr self, const caf::down_msg& x) {
  auto& st = self->state;
  if (st.gateway && x.source == st.gateway.address()) {
    try_later(self, fail(errc::unreachable, to_failure(x.reason).what));
  } else if (st.moored && x.source == st.moored->client.address()) {
    auto why = fail(errc::unreachable,
                    "the connection broke: " + to_failure(x.reason).what);
    st.moored.reset();
    fail_all(self, why);
    try_later(self, std::move(why));
  }
}

// -- time ---------------------------------------------------------------------

void renew(self_ptr self, const lease_ref& lease) {
  self->request(self->state.moored->client, way_max, renew_lease{lease, {}})
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
  st.armed.reset();
  auto at = now(self);
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
  // The daemon's next batch comes when this one was told to the end.
  if (self->state.ear)
    return self->delegate(self->state.ear, std::move(batch));
  return caf::unit;
}

watcher_actor::behavior_type
ear(watcher_actor::pointer, std::function<void(const event&)> on_event) {
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
  if (!how.id)
    how.id = random_client_id();
  if (how.on_event)
    st.ear = self->spawn(ear, how.on_event);
  st.backoff = how.backoff_min;
  st.trouble = fail(errc::unreachable, "nobody answers at " + how.host + ':'
                                         + std::to_string(how.port));
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

client_id random_client_id() {
  std::random_device source;
  auto half = [&] {
    return uint64_t{source()};
  };
  auto value = half() << 32 | half();
  return client_id{value == 0 ? 1 : value};
}

mooring_actor spawn_mooring(caf::actor_system& system, mooring_options how) {
  return system.spawn(mooring, std::move(how));
}

} // namespace berth::client

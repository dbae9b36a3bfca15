// What a mooring keeps, and how its requests are sent and answered. Only for
// mooring.cpp, which ties the connection.

#pragma once

#include "actors/alarm.hpp"
#include "actors/errors.hpp"
#include "actors/remote/caller.hpp"
#include "actors/remote/held_leases.hpp"
#include "actors/remote/mooring.hpp"
#include "actors/remote/patience.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace berth::client::detail {

using namespace protocol;
using actors::gateway_actor;
using actors::to_error;
using actors::to_failure;
using actors::wake_atom;
using actors::watcher_actor;
using actors::welcome;

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
  bool watches_all = false;     ///< To be said again on every connection.
  std::set<session_id> watched; ///< The same, as they were named.

  // -- the connection
  caf::io::middleman_actor caller;
  gateway_actor gateway; ///< While it is greeted.
  std::optional<welcome> moored;
  uint64_t attempt = 0; ///< What an earlier one still hears is void.
  duration backoff{};
  std::optional<timestamp> next_attempt;
  failure trouble;    ///< Why there is no connection.
  std::string nobody; ///< What to say if that is all there is to say.

  // -- requests: each is in `promises` until it is answered
  uint64_t last_number = 0;
  std::map<uint64_t, caf::response_promise> promises;
  std::deque<waiting_request> line; ///< In the order of `until`.

  class actors::alarm alarm;
};

using self_ptr = mooring_shell::stateful_pointer<mooring_state>;

inline timestamp now(self_ptr self) {
  return self->clock().now();
}

inline void arm(self_ptr self) {
  auto& st = self->state;
  auto due = st.next_attempt;
  if (st.moored)
    due = actors::earlier(due, st.held.next_renewal());
  if (!st.line.empty())
    due = actors::earlier(due, st.line.front().until);
  st.alarm.arm(self, due);
}

// -- answers ------------------------------------------------------------------

template <class Answer>
void settle(self_ptr self, uint64_t number, Answer what) {
  if (auto entry = self->state.promises.extract(number))
    entry.mapped().deliver(std::move(what));
}

inline void lose(self_ptr self, const lease_ref& lease, const failure& why) {
  auto& st = self->state;
  if (st.held.drop(lease) && st.how.on_lost)
    st.how.on_lost(lease, why);
}

inline void note_failure(self_ptr self, const std::optional<lease_ref>& about,
                         const failure& why) {
  if (about && ends_lease(why))
    lose(self, *about, why);
}

template <class Answer>
void note_answer(self_ptr, const std::optional<lease_ref>&, const Answer&) {
  // nop: nothing to remember
}

inline void
note_answer(self_ptr self, const std::optional<lease_ref>&, const grant& x) {
  self->state.held.hold(x, now(self));
  arm(self);
}

inline void note_answer(self_ptr self, const std::optional<lease_ref>& about,
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

inline void note_request(self_ptr self, const release_lease& what) {
  // From now on it is not ours: renewing it would race with its end.
  self->state.held.drop(what.lease.ref);
}

inline void note_request(self_ptr self, const actors::watch_all&) {
  self->state.watches_all = true;
}

inline void note_request(self_ptr self, const watch_session& what) {
  self->state.watched.insert(what.session);
}

inline failure no_rights(const mooring_options& how) {
  return fail(errc::client_rights,
              how.operator_key
                ? "The daemon did not accept the operator's key: it has "
                  "another one."
                : "This is for operators, and this client has no operator's "
                  "key.");
}

/// Whose business it is.
template <class Request>
const auto& addressee_of(const welcome& with) {
  if constexpr (actors::is_for_operators<Request>)
    return with.operator_;
  else
    return with.client;
}

/// It was sent: it may have been carried out.
inline failure cut_off(const std::string& cause) {
  return fail(errc::cut_off,
              "The connection to the daemon broke before it answered: "
                + cause);
}

/// To the daemon; there is a connection.
template <class Answer, class Request>
void send(self_ptr self, uint64_t number, Request what) {
  auto& whom = addressee_of<Request>(*self->state.moored);
  if (!whom) {
    settle(self, number, to_error(no_rights(self->state.how)));
    return;
  }
  auto about = lease_of(what);
  auto within = patience(what);
  auto failed = [=](caf::error& x) {
    auto why = to_failure(x);
    note_failure(self, about, why);
    if (why.code == errc::unreachable)
      x = to_error(cut_off(why.what));
    settle(self, number, std::move(x));
  };
  auto pending = self->request(whom, within, std::move(what));
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
inline void submit(self_ptr self, caf::response_promise promise,
                   const std::function<void(uint64_t)>& send) {
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

} // namespace berth::client::detail

#include "actors/gateway.hpp"

#include "actors/errors.hpp"
#include "actors/runtime.hpp"

namespace berth::actors {

namespace {

using self_ptr = gateway_shell::stateful_pointer<gateway_state>;

constexpr duration patience = std::chrono::seconds{10};
constexpr size_t name_max = 128;

void tell(const gateway_state::guest& who, client_id id, event_kind kind,
          std::string detail) {
  event told;
  told.kind = kind;
  told.client = id;
  told.detail = std::move(detail);
  caf::anon_send(who.with.recorder, record{{std::move(told)}});
}

void strike_off(const gateway_state& state, const gateway_state::guest& who) {
  if (state.with.peers)
    state.with.peers->end_client(who.node, who.client.id());
}

/// The client's actor has ended: what it held is over, or in its grace.
void clean_up(self_ptr self, const caf::down_msg& down) {
  auto& guests = self->state.guests;
  for (auto i = guests.begin(); i != guests.end(); ++i) {
    auto& [id, who] = *i;
    if (who.client.address() != down.source)
      continue;
    self->send(who.with.admission, drop_client{id});
    self->send(who.with.registry, drop_client{id});
    self->send(who.with.sessions, drop_client{id});
    tell(who, id, event_kind::client_left, who.name);
    strike_off(self->state, who);
    guests.erase(i);
    return;
  }
}

std::optional<failure> refuse(const gateway_state& state, const hello& x) {
  if (x.version != wire_version)
    return fail(errc::version_mismatch,
                "The client speaks version " + std::to_string(x.version)
                  + " of the protocol, this daemon version "
                  + std::to_string(wire_version) + ".");
  if (x.secret == client_secret{} || !x.watcher)
    return fail(errc::invalid_argument,
                "A hello must bring a secret and a watcher.");
  if (state.arriving.contains(id_of(x.secret)))
    return fail(errc::invalid_argument,
                "This client has said hello and was not answered yet.");
  auto most = state.with.how.door.clients_max;
  auto here = state.guests.size() + state.arriving.size();
  if (here >= most && !state.guests.contains(id_of(x.secret))) {
    auto why = fail(errc::client_limit,
                    std::to_string(most) + " clients are connected already.");
    why.active = here;
    why.cap = most;
    return why;
  }
  return std::nullopt;
}

/// A client that comes back before its old connection was seen to break takes
/// the old one's place. Whatever the old one waited for would reach nobody;
/// what it held is for the registry to hand on.
void see_off(self_ptr self, client_id id) {
  auto old = self->state.guests.extract(id);
  if (!old)
    return;
  auto& who = old.mapped();
  strike_off(self->state, who);
  self->demonitor(who.client.address());
  self->send_exit(who.client, caf::exit_reason::user_shutdown);
  self->send(who.with.admission, drop_client{id});
  self->send(who.with.sessions, drop_client{id});
}

/// The registry knows of it: from now on it may ask for berths.
welcome let_in(self_ptr self, const hello& x, const crew& with) {
  auto& [start, started, guests, arriving] = self->state;
  auto id = id_of(x.secret);
  auto made
    = self->spawn(client, client_start{x, id, with, start.how, started});
  self->monitor(made);
  if (start.peers)
    start.peers->add_client(x.watcher.node(), made.id());
  arriving.erase(id);
  auto& who = guests[id];
  who = {made, with, x.name, x.watcher.node()};
  tell(who, id, event_kind::client_joined, x.name);
  return {made, with.epoch, berth::version()};
}

} // namespace

gateway_shell::behavior_type gateway(self_ptr self, const gateway_start& with) {
  self->state.with = with;
  self->state.started = self->clock().now();
  self->set_down_handler([self](const caf::down_msg& down) {
    clean_up(self, down);
  });
  return {
    [self](hello x) -> caf::result<welcome> {
      if (auto why = refuse(self->state, x))
        return to_error(*why);
      if (x.name.size() > name_max)
        x.name.resize(name_max);
      auto id = id_of(x.secret);
      see_off(self, id);
      self->state.arriving.insert(id);
      auto promise = self->make_response_promise<welcome>();
      auto give_up = [=](caf::error& why) mutable {
        self->state.arriving.erase(id);
        promise.deliver(why);
      };
      self->request(self->state.with.harbour, patience, get_crew{})
        .then(
          [=](const crew& crew) {
            self->request(crew.registry, patience, join_client{id, x.name})
              .then(
                [=](const std::vector<opened_lease>&) mutable {
                  promise.deliver(let_in(self, x, crew));
                },
                give_up);
          },
          give_up);
      return promise;
    },
    [self](const get_health& x) {
      return self->delegate(self->state.with.steward, x);
    },
    [self](const step_down& x) {
      return self->delegate(self->state.with.steward, x);
    },
    [self](wind_down x) {
      for (auto& [id, guest] : self->state.guests)
        self->send(guest.client, x);
    },
  };
}

} // namespace berth::actors

#include "actors/gateway.hpp"

#include "actors/client_gate.hpp"
#include "actors/errors.hpp"
#include "actors/operator.hpp"
#include "actors/patience.hpp"
#include "actors/runtime.hpp"
#include "protocol/printable.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace berth::actors {

namespace {

using self_ptr = gateway_shell::stateful_pointer<gateway_state>;

constexpr duration patience = std::chrono::seconds{10};
constexpr size_t name_max = 128;

/// Where a hello may wait to be told which process it is from.
constexpr duration search_patience = std::chrono::milliseconds{200};
constexpr size_t searches_max = 16;

/// One process must not take all places of the door.
constexpr size_t clients_of_process_max = 64;

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
    // An operator without its desk comes back and gets another one.
    if (who.operator_ && who.operator_.address() == down.source) {
      self->send_exit(who.client, caf::exit_reason::user_shutdown);
      return;
    }
    if (who.client.address() != down.source)
      continue;
    if (who.operator_)
      self->demonitor(who.operator_.address());
    self->send(who.with.admission, drop_client{id});
    self->send(who.with.registry, drop_client{id});
    self->send(who.with.sessions, drop_client{id});
    tell(who, id, event_kind::client_left, who.name);
    strike_off(self->state, who);
    guests.erase(i);
    return;
  }
}

/// Whose process it is, if anybody has said it.
bool is_from(const caf::strong_actor_ptr& sender,
             const watcher_actor& watcher) {
  return sender && sender->node() == watcher->node();
}

/// Those of this process, and those that will be.
size_t clients_of(const gateway_state& state, const caf::node_id& process) {
  auto from = [&](const auto& x) {
    return x.second == process;
  };
  auto& peers = state.with.peers;
  return (peers ? peers->living(process) : 0)
         + static_cast<size_t>(std::ranges::count_if(state.arriving, from));
}

std::optional<failure> refuse(const gateway_state& state, const hello& x,
                              const caf::strong_actor_ptr& sender) {
  if (x.version != wire_version)
    return fail(errc::version_mismatch,
                "The client speaks version " + std::to_string(x.version)
                  + " of the protocol, this daemon version "
                  + std::to_string(wire_version) + ".");
  if (x.secret == client_secret{} || !x.watcher)
    return fail(errc::invalid_argument,
                "A hello must bring a secret and a watcher.");
  if (!is_from(sender, x.watcher))
    return fail(errc::invalid_argument,
                "A hello must come from its watcher's own process.");
  if (state.arriving.contains(id_of(x.secret)))
    return fail(errc::browser_unavailable,
                "The last hello of this client is not answered yet: the tabs "
                "of kept leases are still looked for.");
  if (clients_of(state, x.watcher.node()) >= clients_of_process_max
      && !state.guests.contains(id_of(x.secret)))
    return fail(errc::client_limit, "This process has "
                                      + std::to_string(clients_of_process_max)
                                      + " clients already.");
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
  if (who.operator_)
    self->demonitor(who.operator_.address());
  self->send_exit(who.client, caf::exit_reason::user_shutdown);
  self->send(who.with.admission, drop_client{id});
  self->send(who.with.sessions, drop_client{id});
}

/// Who asks, as far as this door knows: nothing of it is the client's word but
/// its secret, and what proves that it can read the operator's key.
principal recognize(const gateway_state& state, const hello& x) {
  principal result{id_of(x.secret)};
  result.door = door_kind::caf;
  auto peer = state.with.peers ? state.with.peers->find(x.watcher.node())
                               : std::nullopt;
  if (peer)
    result.uid = peer->uid;
  if (proves(state.with.keys.operator_, x.secret, x.proof))
    result.rights = rights_kind::operator_;
  return result;
}

/// The same, and which process it is. That is looked up beside, and nobody
/// waits for it long: a process that is not found in time stays unknown.
void recognize_process(self_ptr self, const hello& x,
                       std::function<void(const principal&)> then) {
  auto& state = self->state;
  auto by = recognize(state, x);
  auto& peers = state.with.peers;
  auto peer = peers ? peers->find(x.watcher.node()) : std::nullopt;
  if (!peer || !state.with.finder || state.searches >= searches_max) {
    then(by);
    return;
  }
  ++state.searches;
  auto found = [=](int64_t pid) mutable {
    --self->state.searches;
    if (pid > 0)
      by.pid = pid;
    if (pid == ::getpid())
      by.door = door_kind::library;
    then(by);
  };
  self
    ->request(state.with.finder, search_patience,
              find_process{peer->uid, peer->socket,
                           self->clock().now() + search_patience})
    .then(found, [found](const caf::error&) mutable {
      found(0);
    });
}

/// The registry knows of it: from now on it may ask for berths.
welcome
let_in(self_ptr self, const hello& x, const principal& by, const crew& with) {
  auto& [start, started, guests, arriving, lines, searches] = self->state;
  auto made = self->spawn<client_gate>(
    client_start{x, by, with, start.how, started, start.keys.lease});
  self->monitor(made);
  operator_actor desk;
  if (by.rights == rights_kind::operator_) {
    desk = self->spawn(operate,
                       operator_start{by, made->address(), x.watcher, with});
    self->monitor(desk);
  }
  if (start.peers)
    start.peers->add_client(x.watcher.node(), made.id(), desk ? desk.id() : 0);
  arriving.erase(by.client);
  auto& who = guests[by.client];
  who = {made, desk, with, x.name, x.watcher.node()};
  tell(who, by.client, event_kind::client_joined, x.name);
  if (by.uid)
    spdlog::info("client '{}' is process {} of user {}", printable(x.name),
                 by.pid ? std::to_string(*by.pid) : "unknown", *by.uid);
  return {made, desk, with.epoch, berth::version()};
}

/// Of this process the next one, if any waits.
void go_on(self_ptr self, const caf::node_id& process) {
  auto line = self->state.lines.find(process);
  line->second.pop_front();
  if (line->second.empty())
    self->state.lines.erase(line);
  else
    line->second.front()();
}

/// It is known to its crew's registry before anything else is done for it.
void welcome_in(self_ptr self, const hello& x, const principal& by,
                caf::typed_response_promise<welcome> promise) {
  auto process = x.watcher->node();
  auto give_up = [=](caf::error& why) mutable {
    self->state.arriving.erase(by.client);
    promise.deliver(why);
    go_on(self, process);
  };
  self->request(self->state.with.harbour, patience, get_crew{})
    .then(
      [=](const crew& crew) {
        self
          ->request(crew.registry, revival_patience(self->state.with.how),
                    join_client{by.client, x.name, by.pid.value_or(0)})
          .then(
            [=](const std::vector<opened_lease>&) mutable {
              promise.deliver(let_in(self, x, by, crew));
              go_on(self, process);
            },
            give_up);
      },
      give_up);
}

caf::result<welcome> receive(self_ptr self, hello x) {
  if (x.name.size() > name_max)
    x.name.resize(name_max);
  auto id = id_of(x.secret);
  auto process = x.watcher->node();
  see_off(self, id);
  self->state.arriving.emplace(id, process);
  auto promise = self->make_response_promise<welcome>();
  auto& line = self->state.lines[process];
  line.emplace_back([=]() mutable {
    auto& peers = self->state.with.peers;
    if (peers && !peers->find(process)) { // Nobody would hear of it.
      self->state.arriving.erase(id);
      promise.deliver(to_error(
        fail(errc::client_gone, "The process that said hello is gone.")));
      go_on(self, process);
      return;
    }
    recognize_process(self, x, [=](const principal& by) {
      welcome_in(self, x, by, promise);
    });
  });
  if (line.size() == 1)
    line.front()();
  return promise;
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
      if (auto why = refuse(self->state, x, self->current_sender()))
        return to_error(*why);
      return receive(self, std::move(x));
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
    [](const call_roll&) -> caf::result<void> {
      return caf::unit;
    },
  };
}

} // namespace berth::actors

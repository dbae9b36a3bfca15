#include "actors/front_door.hpp"

#include "actors/errors.hpp"
#include "actors/guarded_door.hpp"
#include "actors/patience.hpp"

#include <caf/io/middleman.hpp>

#include <algorithm>

namespace berth::actors {

namespace {

using self_ptr = front_door_actor::stateful_pointer<front_door_state>;

/// The port may be held for a moment by what is just being closed.
constexpr size_t tries_max = 50;
constexpr duration try_again = std::chrono::milliseconds{100};

caf::expected<uint16_t> open(self_ptr self) {
  auto& state = self->state;
  state.gateway = state.with.make();
  self->monitor(state.gateway);
  auto opened = state.with.open(state.gateway, state.port);
  if (opened)
    state.port = *opened;
  return opened;
}

/// Whoever knew all clients is gone.
void reopen(self_ptr self, size_t tries) {
  auto& state = self->state;
  auto opened = open(self);
  if (opened)
    return;
  self->demonitor(state.gateway.address());
  self->send_exit(state.gateway, caf::exit_reason::user_shutdown);
  if (tries < tries_max) {
    self->delayed_send(self, try_again, retry_door{tries + 1});
    return;
  }
  self->quit(to_error(fail(
    errc::internal,
    "The front door failed, and port " + std::to_string(state.port)
      + " could not be opened again: " + to_failure(opened.error()).what)));
}

void lost_gateway(self_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.gateway.address() != down.source)
    return;
  state.with.close(state.gateway, state.port);
  auto why = fail(errc::internal,
                  "The front door failed: " + to_failure(down.reason).what);
  self->send(state.with.harbour, replace_crew{why});
  reopen(self, 1);
}

} // namespace

front_door_start on_network(
  caf::actor_system& system, harbour_actor harbour, const config& how,
  std::shared_ptr<held_port> held,
  std::function<gateway_shell(const std::shared_ptr<peer_book>&)> make) {
  // A new one for each gateway: the peers of the last one are strangers.
  auto book = std::make_shared<std::shared_ptr<peer_book>>();
  return {
    std::move(harbour),
    [book, make = std::move(make)] {
      *book = std::make_shared<peer_book>();
      return make(*book);
    },
    [&system, how, book, held = std::move(held)](const gateway_shell& x,
                                                 uint16_t again) {
      auto door = how.door;
      door.port = again;
      door_patience patience;
      patience.welcome = std::max(patience.welcome, revival_patience(how));
      return publish_guarded(system, caf::actor_cast<gateway_actor>(x), door,
                             *book, patience, again == 0 ? held : nullptr);
    },
    [&system](const gateway_shell& x, uint16_t port) {
      system.middleman().unpublish(x, port);
    }};
}

front_door_state::~front_door_state() {
  if (gateway)
    caf::anon_send_exit(gateway, caf::exit_reason::user_shutdown);
}

front_door_actor::behavior_type
front_door(self_ptr self, const front_door_start& with) {
  self->state.with = with;
  self->set_down_handler([self](const caf::down_msg& down) {
    lost_gateway(self, down);
  });
  return {
    [self](const open_door&) -> caf::result<uint16_t> {
      auto opened = open(self);
      if (!opened)
        return std::move(opened.error());
      return *opened;
    },
    [self](const get_gateway&) {
      return self->state.gateway;
    },
    [self](const replace_door&) {
      self->send_exit(self->state.gateway, caf::exit_reason::kill);
    },
    [self](const retry_door& x) {
      reopen(self, x.tries);
    },
    [self](wind_down x) {
      self->send(self->state.gateway, x);
    },
  };
}

} // namespace berth::actors

#pragma once

#include "actors/gateway.hpp"
#include "actors/held_port.hpp"

#include <functional>
#include <memory>

namespace berth::actors {

/// Who lets clients in at present?
struct get_gateway {};

/// Keeps the gateway published. When that ends, another one takes its place on
/// the same port, under a new crew; if that cannot be, it ends with the reason.
using front_door_actor = caf::typed_actor<
  // Answers with the port.
  caf::replies_to<open_door>::with<uint16_t>,
  // From the steward, like the next one. None: the door is not open yet.
  caf::replies_to<get_gateway>::with<gateway_shell>,
  // It does not answer.
  caf::reacts_to<replace_door>, caf::reacts_to<retry_door>,
  caf::reacts_to<wind_down>>;

struct front_door_start {
  harbour_actor harbour;
  std::function<gateway_shell()> make; ///< A gateway that nobody knows yet.
  /// Lets clients in to it; at this port again if it is not zero. It may wait.
  std::function<caf::expected<uint16_t>(const gateway_shell&, uint16_t)> open;
  /// No client gets in to it any more, and whoever is in is cut off. It may
  /// wait.
  std::function<void(const gateway_shell&, uint16_t)> close;
};

/// On the CAF network, at the port that is held; later at the same one again.
front_door_start on_network(
  caf::actor_system& system, harbour_actor harbour, const config& how,
  std::shared_ptr<held_port> held,
  std::function<gateway_shell(const std::shared_ptr<peer_book>&)> make);

/// The gateway knows who is there, and cleans up after them. With it that
/// knowledge is gone: so all clients are cut off by a new crew, and come back
/// through the next gateway to what they held. It has a thread of its own.
struct front_door_state {
  static constexpr const char* name = "front_door";

  ~front_door_state();

  front_door_start with;
  gateway_shell gateway;
  uint16_t port = 0; ///< Zero: not open.
};

front_door_actor::behavior_type
front_door(front_door_actor::stateful_pointer<front_door_state> self,
           const front_door_start& with);

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_gateway)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::gateway_shell)

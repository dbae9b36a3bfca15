#pragma once

#include "actors/client.hpp"

namespace berth::actors {

/// A client's actor as it is spawned: it hears its own agent and the daemon,
/// and nobody else. Whoever learned its number on the network gets
/// `client.rights`, whatever is asked. The door confines its peers already;
/// this holds even where it does not.
class client_gate : public client_shell::stateful_base<client_state> {
public:
  using super = client_shell::stateful_base<client_state>;

  client_gate(caf::actor_config& config, client_start with);

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* on) override;

  behavior_type make_behavior() override;

  bool cleanup(caf::error&& why, caf::execution_unit* on) override;

private:
  bool is_from_elsewhere(const caf::mailbox_element& x) const;

  caf::node_id agent_; ///< The process of its watcher.
  client_start with_;
};

} // namespace berth::actors

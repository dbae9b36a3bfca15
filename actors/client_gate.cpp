#include "actors/client_gate.hpp"

#include "actors/errors.hpp"

namespace berth::actors {

client_gate::client_gate(caf::actor_config& config, client_start with)
  : super{config}, agent_{with.who.watcher->node()}, with_{std::move(with)} {
  // nop
}

void client_gate::enqueue(caf::mailbox_element_ptr what,
                          caf::execution_unit* on) {
  if (!is_from_elsewhere(*what)) {
    super::enqueue(std::move(what), on);
    return;
  }
  if (what->sender && what->mid.is_request())
    what->sender->enqueue(
      nullptr, what->mid.response_id(),
      caf::make_message(to_error(
        fail(errc::client_rights, "This connection is another client's."))),
      on);
}

client_gate::behavior_type client_gate::make_behavior() {
  return client(this, with_);
}

/// CAF keeps who watches an actor for as long as that lives.
bool client_gate::cleanup(caf::error&& why, caf::execution_unit* on) {
  demonitor(with_.with.registry.address());
  return super::cleanup(std::move(why), on);
}

/// An exit, a down message or a timeout may have no sender; no request of an
/// agent comes without one.
bool client_gate::is_from_elsewhere(const caf::mailbox_element& x) const {
  if (x.mid.is_response())
    return false;
  if (x.sender)
    return x.sender->node() != agent_ && x.sender->node() != node();
  auto& what = x.content();
  return what.size() != 1
         || !(what.match_element<caf::exit_msg>(0)
              || what.match_element<caf::down_msg>(0)
              || what.match_element<caf::timeout_msg>(0));
}

} // namespace berth::actors

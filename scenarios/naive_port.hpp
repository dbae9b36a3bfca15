// Chrome's debugging port, as everybody reaches it who knows its number: no
// word is checked, and no tab is anybody's.

#pragma once

#include "actors/interfaces.hpp"

#include <functional>

namespace berth::scenarios {

/// Something that an actor has to do next, as a message to itself.
struct next_step {
  std::function<void()> what;
};

struct port_call {
  std::string method;
  std::string params;  ///< JSON text of an object.
  std::string session; ///< Empty: the root.
};

/// Answers with Chrome's result as JSON text, with `cdp.error`, or never.
using naive_port_actor
  = caf::typed_actor<caf::replies_to<port_call>::with<std::string>>;

using naive_port_shell = naive_port_actor::extend<caf::reacts_to<next_step>>;

/// Keeps one Chrome running: that is not what the model is about.
struct naive_port_state {
  static constexpr const char* name = "naive_port";

  explicit naive_port_state(
    naive_port_shell::stateful_pointer<naive_port_state> x)
    : self{x} {
    // nop
  }

  void launch();
  void ended();
  cdp::chrome_listener listener();
  caf::result<std::string> call(const port_call& x);

  naive_port_shell::stateful_pointer<naive_port_state> self;
  cdp::chrome_factory make_chrome;
  std::shared_ptr<cdp::chrome> link;
  actors::cdp_calls calls;
};

naive_port_shell::behavior_type
naive_port(naive_port_shell::stateful_pointer<naive_port_state> self,
           const cdp::chrome_factory& make_chrome);

} // namespace berth::scenarios

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::scenarios::next_step)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::scenarios::port_call)

#include "actors/operator.hpp"

#include "actors/errors.hpp"

#include <string>

namespace berth::actors {

namespace {

using self_ptr = operator_actor::stateful_pointer<operator_state>;

/// Hands it to whoever does it, in this operator's name.
template <class Answer, class Handle, class Request>
caf::result<Answer>
pass_on(self_ptr self, verb what, const Handle& whom, Request x) {
  auto& by = self->state.with.by;
  // An operator's handle is only given to operators; but a right is checked
  // where it is used.
  if (auto why = refuse_rights(by, what))
    return to_error(*why);
  if constexpr (requires { x.by; })
    x.by = by;
  return self->delegate(whom, std::move(x));
}

} // namespace

operator_actor::behavior_type
operate(self_ptr self, const operator_start& with) {
  self->state.with = with;
  self->monitor(with.client);
  self->set_down_handler([self](const caf::down_msg& down) {
    self->quit(down.reason);
  });
  auto& crew = self->state.with.with;
  return {
    [self, &crew](const revoke_lease& x) {
      return pass_on<void>(self, verb::revoke, crew.registry, x);
    },
    [self, &crew](const change_browser& x) {
      return pass_on<browser_view>(self, verb::change_browser, crew.fleet, x);
    },
    [self, &crew](const add_browser& x) {
      return pass_on<browser_view>(self, verb::add_browser, crew.fleet, x);
    },
    [self, &crew](const watch_all&) {
      auto& mine = self->state.with;
      return pass_on<void>(self, verb::hear_all, crew.recorder,
                           watch{mine.watcher, mine.by, interest::all});
    },
    [self, &crew](const get_recent& x) {
      return pass_on<events>(self, verb::read_events, crew.recorder, x);
    },
  };
}

std::optional<failure> refuse_rights(const principal& who, verb what) {
  if (may(who.rights, what))
    return std::nullopt;
  return fail(errc::client_rights,
              std::string{"Only an operator may "} + to_string(what)
                + "; this client has the rights of an agent.");
}

} // namespace berth::actors

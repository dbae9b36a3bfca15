#include "actors/door_question.hpp"

#include "actors/errors.hpp"
#include "actors/interfaces.hpp"
#include "actors/wire.hpp"

#include <caf/io/all.hpp>

#include <set>
#include <string>

namespace berth::actors {

namespace {

template <class Question>
outcome<owner_health>
ask(const daemon_record& whom, duration within, Question what) {
  caf::actor_system_config settings;
  speak_berth(settings, {});
  settings.set("scheduler.max-threads", size_t{1});
  caf::actor_system system{settings};
  outcome<owner_health> result = fail(
    errc::unreachable, "Nobody answers on port " + std::to_string(whom.port)
                         + " of " + whom.host + ".");
  caf::strong_actor_ptr door;
  caf::scoped_actor self{system};
  auto refused = [&](const caf::error& why) {
    result = to_failure(why);
  };
  self
    ->request(system.middleman().actor_handle(), within,
              caf::connect_atom::value, whom.host, whom.port)
    .receive(
      [&](const caf::node_id&, caf::strong_actor_ptr& who,
          const std::set<std::string>& speaks) {
        if (system.assignable(speaks, system.message_types<gateway_actor>()))
          door = std::move(who);
      },
      refused);
  if (door)
    self->request(caf::actor_cast<gateway_actor>(door), within, what)
      .receive(
        [&](const owner_health& x) {
          result = x;
        },
        refused);
  return result;
}

} // namespace

outcome<owner_health> ask_health(const daemon_record& whom, duration within) {
  return ask(whom, within, get_health{});
}

outcome<owner_health>
ask_to_step_down(const daemon_record& whom, duration within) {
  return ask(whom, within, step_down{});
}

} // namespace berth::actors

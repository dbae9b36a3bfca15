#include "actors/wire.hpp"

#include "actors/interfaces.hpp"

#include <caf/io/all.hpp>

namespace berth::actors {

void speak_berth(caf::actor_system_config& config, pulse how) {
  config.load<caf::io::middleman>();
  config.add_message_types<caf::id_block::berth>();
  config.add_error_category(
    caf::detail::error_factory<protocol::errc>::category,
    [](uint8_t, caf::atom_value, const caf::message& context) {
      // Its own words: `to_failure` reads the rest.
      return caf::deep_to_string(context);
    });
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("middleman.heartbeat-interval", caf::timespan{how.heartbeat});
  config.set("middleman.connection-timeout", caf::timespan{how.silence_max});
}

} // namespace berth::actors

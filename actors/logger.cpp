#include "actors/logger.hpp"

#include <spdlog/spdlog.h>

namespace berth::actors {

namespace {

/// Only what the event tells of: `lease=3 key=web target=5A0C...`.
std::string fields(const event& x) {
  std::string result;
  auto add = [&](const char* name, const std::string& value) {
    result.append(" ").append(name).append("=").append(value);
  };
  if (x.lease)
    add("lease", to_string(lease_ref{x.lease, x.token}));
  if (x.ticket)
    add("ticket", std::to_string(x.ticket.value));
  if (!x.key.empty())
    add("key", x.key);
  if (!x.target.empty())
    add("target", x.target);
  if (x.cause != loss_cause::none)
    add("cause", to_string(x.cause));
  if (!x.detail.empty())
    add("detail", x.detail);
  return result;
}

bool is_trouble(event_kind x) {
  return x == event_kind::tab_lost || x == event_kind::browser_down
         || x == event_kind::actor_restarted
         || x == event_kind::target_orphaned;
}

} // namespace

watcher_actor::behavior_type
logger(watcher_actor::pointer self, const recorder_actor& from) {
  caf::anon_send(from, watch{self, {}, interest::all});
  return {
    [](const events& what) -> caf::result<void> {
      for (const auto& x : what)
        spdlog::log(is_trouble(x.kind) ? spdlog::level::warn
                                       : spdlog::level::info,
                    "{}{}", to_string(x.kind), fields(x));
      return caf::unit;
    },
  };
}

} // namespace berth::actors

#include "actors/logger.hpp"

#include "protocol/printable.hpp"

#include <spdlog/spdlog.h>

namespace berth::actors {

namespace {

/// Of what a page or a client says. The journal has more of it.
constexpr size_t field_max = 400;

/// Only what the event tells of: `lease=3 key=web target=5A0C...`.
std::string fields(const event& x) {
  std::string result;
  auto add = [&](const char* name, const std::string& value) {
    result.append(" ").append(name).append("=").append(
      printable(value, field_max));
  };
  if (x.lease)
    add("lease", to_string(lease_ref{x.lease, x.token}));
  if (x.ticket)
    add("ticket", std::to_string(x.ticket.value));
  if (x.session)
    add("session", std::to_string(x.session.value));
  if (x.run)
    add("run", std::to_string(x.run.value));
  if (!x.key.empty())
    add("key", x.key);
  if (!x.browser.empty())
    add("browser", x.browser);
  if (!x.target.empty())
    add("target", x.target);
  if (x.cause != loss_cause::none)
    add("cause", to_string(x.cause));
  if (!x.detail.empty())
    add("detail", x.detail);
  return result;
}

spdlog::level::level_enum level_of(event_kind x) {
  switch (x) {
    case event_kind::tab_lost:
    case event_kind::browser_down:
    case event_kind::actor_restarted:
    case event_kind::target_orphaned:
    case event_kind::run_adrift:
    case event_kind::run_overdue:
      return spdlog::level::warn;
    case event_kind::run_progressed:
      return spdlog::level::debug;
    default:
      return spdlog::level::info;
  }
}

} // namespace

watcher_actor::behavior_type
logger(watcher_actor::pointer self, const recorder_actor& from) {
  caf::anon_send(from, watch{self, of_daemon(), interest::all});
  return {
    [](const events& what) -> caf::result<void> {
      for (const auto& x : what)
        if (auto level = level_of(x.kind); spdlog::should_log(level))
          spdlog::log(level, "{}{}", to_string(x.kind), fields(x));
      return caf::unit;
    },
  };
}

} // namespace berth::actors

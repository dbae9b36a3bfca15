#include "actors/reaper.hpp"

#include <algorithm>

namespace berth::actors {

namespace {

using self_ptr = reaper_shell::stateful_pointer<reaper_state>;

constexpr duration patience = std::chrono::seconds{10};

void sweep_later(self_ptr self) {
  self->state.awake = true;
  self->delayed_send(self, self->state.with.how.orphans_after, sweep{});
}

void go_round(self_ptr self) {
  auto& with = self->state.with;
  self->request(with.browser, patience, get_orphans{})
    .then(
      [self](const std::vector<target_id>& orphans) {
        for (const auto& x : orphans)
          self->send(self->state.with.browser, close_orphan{x});
        self->state.awake = false;
        if (!orphans.empty())
          sweep_later(self);
      },
      [self](const caf::error&) {
        sweep_later(self);
      });
}

} // namespace

reaper_shell::behavior_type reaper(self_ptr self, const reaper_start& with) {
  self->state.with = with;
  caf::anon_send(with.recorder, watch{self, of_daemon(), interest::all});
  return {
    [self](sweep) {
      go_round(self);
    },
    [self](const events& what) -> caf::result<void> {
      bool orphaned = std::ranges::any_of(what, [](const event& x) {
        return x.kind == event_kind::target_orphaned
               || x.kind == event_kind::events_missed;
      });
      if (orphaned && !self->state.awake)
        sweep_later(self);
      return caf::unit;
    },
  };
}

} // namespace berth::actors

#include "actors/lease_drivers.hpp"

#include "actors/errors.hpp"
#include "actors/lease_words.hpp"
#include "actors/patience.hpp"

#include <algorithm>
#include <utility>

namespace berth::actors {

namespace {

/// Another drives the tab.
void found_driver(lease_registry_ptr self, lease_id which,
                  const tab_actor& tab) {
  auto i = self->state.entries.find(which);
  auto row = self->state.table.find(which);
  if (i == self->state.entries.end() || !row
      || row->state != lease_state::bound)
    return;
  i->second.tab = tab;
  self->monitor(tab);
  auto now = self->clock().now();
  for (auto& seeker : std::exchange(i->second.seekers, {}))
    seeker.deliver(opened_lease{to_grant(*row, now), tab});
}

} // namespace

/// A tab ends after its lease. One that ends before that had an accident, and
/// another one takes its place; if that happens too often the lease is over.
void lost_driver(lease_registry_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  auto i = std::ranges::find_if(state.entries, [&](const auto& x) {
    return x.second.tab && x.second.tab.address() == down.source;
  });
  if (i == state.entries.end())
    return;
  auto id = i->first;
  auto row = state.table.find(id);
  if (!row || row->state != lease_state::bound)
    return;
  i->second.tab = nullptr;
  if (!i->second.drivers.spend(self->clock().now())) {
    end_as_failed(self, id,
                  fail(errc::lease_gone,
                       "What drove the lease's tab failed again and again: its "
                       "tab is closed."));
    return;
  }
  self
    ->request(state.with.fleet, 2 * state.with.how.tab.open_within,
              drive_tab{*row, self})
    .then(
      [=](const opened_tab& x) {
        found_driver(self, id, x.tab);
      },
      [=](const caf::error& why) {
        // With its browser ends the crew; then the lease lives on.
        auto told = to_failure(why);
        if (told.code != errc::client_gone)
          end_as_failed(self, id, told);
      });
}

caf::result<opened_lease>
find_driver(lease_registry_ptr self, lease_ref which) {
  auto& state = self->state;
  auto now = self->clock().now();
  if (auto code = state.table.check(which, now); code != errc::ok)
    return refuse(code, which, state.with.how.lease);
  auto& entry = state.entries.at(which.lease);
  if (entry.tab)
    return opened_lease{to_grant(*state.table.find(which.lease), now),
                        entry.tab};
  auto promise = self->make_response_promise<opened_lease>();
  entry.seekers.push_back(promise);
  return promise;
}

void revive_tabs(lease_registry_ptr self, const admission_actor& admission,
                 const std::function<void()>& revived) {
  auto& state = self->state;
  for (const auto& row : state.with.kept) {
    auto id = row.id;
    state.entries[id].admission = admission;
    ++state.reviving;
    self
      ->request(state.with.fleet, revival_patience(state.with.how),
                open_tab{row, self})
      .then(
        [=](const opened_tab& x) {
          if (auto i = self->state.entries.find(id);
              i != self->state.entries.end()) {
            i->second.tab = x.tab;
            self->monitor(x.tab);
          }
          revived();
        },
        [=](const caf::error& why) {
          // If the browsers are gone the crew is, and leaves it to the next.
          if (auto what = to_failure(why); what.code != errc::client_gone)
            end_as_failed(self, id, what);
          revived();
        });
  }
}

} // namespace berth::actors

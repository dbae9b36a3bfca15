// The page side when what drove its tab has failed: the tab goes on.

#include "actors/page_tab.hpp"

namespace berth::actors {

namespace {

/// Another one has to be attached by then.
constexpr duration open_patience = std::chrono::seconds{45};

} // namespace

/// The registry knows who drives the tab now.
void page_state::find_driver(const next& then) {
  self->request(with.with.registry, open_patience, find_tab{mine->lease})
    .then(
      [this, then, number = step](const opened_lease& x) {
        if (number == step && mine && mine->lease == x.lease.lease) {
          mine->tab = x.tab;
          mine->driverless = false;
          recover(then);
        }
        arm();
      },
      [this, then, number = step](const caf::error&) {
        acquire_another(number, then);
      });
}

} // namespace berth::actors

// How the page side gives commands to its tab: for its own sources only.

#pragma once

#include "actors/errors.hpp"
#include "actors/page.hpp"

#include <utility>

namespace berth::actors {

/// A tab answers every command by its deadline; that answer takes a moment.
inline constexpr duration tab_margin = std::chrono::seconds{5};

template <class Command>
void page_state::ask(Command order, duration within, with_answer then,
                     with_failure fails) {
  if (!mine) {
    fails(fail(errc::lease_gone, "There is no lease any more."));
    return;
  }
  order.to = {mine->lease, {}, within};
  ++under_way;
  auto over = [this, number = step](const next& go_on) {
    --under_way;
    if (number == step)
      go_on();
    withdrawn();
    arm();
  };
  self->request(mine->tab, within + tab_margin, std::move(order))
    .then(
      [this, over, then = std::move(then)](const answer& x) {
        if (mine)
          mine->target = x.target;
        over([&] {
          then(x.value);
        });
      },
      [over, fails = std::move(fails)](const caf::error& why) {
        over([&] {
          fails(to_failure(why));
        });
      });
}

} // namespace berth::actors

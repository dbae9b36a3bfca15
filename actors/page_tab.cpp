// The page side's lease, and the tab that comes with it.

#include "actors/page_tab.hpp"

#include "cdp/conversation_script.hpp"

#include <algorithm>
#include <utility>

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

/// For what needs nobody but the daemon's own actors, and for what needs
/// Chrome to make or to close a tab.
constexpr duration short_patience = 10s;
constexpr duration open_patience = 45s;

/// The tab itself is gone, not only what was asked of it.
bool is_loss(const failure& why) {
  return why.code == errc::tab_lost || why.code == errc::lease_gone
         || why.code == errc::stale_token || why.code == errc::client_gone;
}

} // namespace

void page_state::get_tab(const next& then) {
  auto ready = [this, then] {
    watch([this, then] {
      go_to(then);
    });
  };
  if (!joined)
    join([this, then] {
      get_tab(then);
    });
  else if (!mine)
    acquire_tab(ready);
  else if (mine->key != at->key)
    release([this, ready] {
      acquire_tab(ready);
    });
  else if (mine->lost)
    recover(ready);
  else
    renew(ready);
}

/// The registry grants nothing to whom it does not know. It may have the tab
/// that the session had under an earlier crew.
void page_state::join(const next& then) {
  auto ask = [this, then, number = step] {
    join_client hello{with.holder,
                      "session " + std::to_string(with.session.value)};
    self->request(with.with.registry, short_patience, std::move(hello))
      .then(
        [this, then, number](const std::vector<opened_lease>& held) {
          joined = true;
          for (const auto& x : held)
            take_over(x);
          if (number == step)
            then();
          arm();
        },
        [this, number](const caf::error& why) {
          if (number == step)
            no_tab(to_failure(why));
          arm();
        });
  };
  // An order that we gave up may still lie before admission. Once this is
  // answered it has come to the registry, which ends what nobody heard of.
  self->request(with.with.admission, short_patience, drop_client{with.holder})
    .then(ask, [ask](const caf::error&) {
      ask();
    });
}

void page_state::take_over(const opened_lease& x) {
  if (mine)
    self->send(with.with.registry, release_lease{x.lease.lease});
  else
    mine = berth_of(x);
}

page_state::berth page_state::berth_of(const opened_lease& x) const {
  auto& [lease, tab] = x;
  return {lease.lease.ref, lease.key, tab, lease.target, now(), lease.browser};
}

acquire page_state::order_tab() const {
  acquire result;
  result.browser = home;
  result.by = with.holder;
  result.key = at->key;
  result.ttl = lease_until - now();
  result.kind = holder_kind::session;
  return result;
}

/// Does not wait: the run that does may be stopped, or give way, meanwhile.
void page_state::acquire_tab(const next& then) {
  if (in_line && *in_line != at->key)
    forget_line();
  if (in_line) {
    no_tab(no_room);
    return;
  }
  ++acquiring;
  ++under_way;
  auto answered = [this](uint64_t number, const auto& go_on) {
    --acquiring;
    --under_way;
    if (number == step && !leaving)
      go_on();
    quit_if_free();
    discard();
    withdrawn();
    arm();
  };
  self->request(with.with.admission, open_patience, order_tab())
    .then(
      [=, this, number = step](const opened_lease& x) {
        take_over(x); // An earlier order may have brought one already.
        answered(number, then);
      },
      [=, this, number = step](const caf::error& why) {
        // Granted too late, perhaps, and nobody would know: who joins is told.
        joined &= why != caf::sec::request_timeout;
        answered(number, [&] {
          no_tab(to_failure(why));
        });
      });
}

/// Another ttl is written down first, on a disk that may be slow.
void page_state::renew(const next& then) {
  self
    ->request(with.with.registry, open_patience,
              renew_lease{mine->lease, lease_until - now()})
    .then(
      [this, then, number = step](duration) {
        if (number == step)
          then();
        arm();
      },
      [this, then, number = step](const caf::error&) {
        acquire_another(number, then);
      });
}

/// One that is over is as good as none, and so is one that nothing is heard of:
/// it must not be left behind.
void page_state::acquire_another(uint64_t number, const next& then) {
  if (number == step && mine) {
    caf::anon_send(with.with.registry, release_lease{mine->lease});
    mine.reset();
  }
  if (number == step)
    acquire_tab(then);
  arm();
}

void page_state::recover(const next& then) {
  if (mine->driverless) {
    find_driver(then);
    return;
  }
  ask(
    recover_tab{}, open_patience,
    [this, then](const std::string&) {
      mine->lost = mine->settled = mine->begun = false;
      renew(then);
    },
    [this](const failure& why) {
      if (is_loss(why))
        lost(why);
      else
        no_tab(why);
    });
}

/// The session hears where its home is before anything is done there.
void page_state::watch(const next& then) {
  if (std::exchange(home, mine->where) != mine->where)
    report(tab_placed{home});
  ask(
    watch_page{{}, cdp::conversation_script(*at), self}, with.most.step_within,
    [then](const std::string&) {
      then();
    },
    [this](const failure& why) {
      not_done(why);
    });
}

/// Stays where it is if that is the conversation, and nothing was left there
/// of a prompt that was not sent: an open menu, or files.
void page_state::go_to(const next& then) {
  auto url = goal.empty() ? at->start_url : goal;
  auto leave_for = [=, this] {
    mine->settled = false;
    ask(
      navigate{{}, url, load_state::commit}, with.most.ready_within,
      [this, then](const std::string&) {
        mine->begun = false;
        then();
      },
      [this](const failure& why) {
        not_done(why);
      });
  };
  if (mine->begun) {
    leave_for();
    return;
  }
  cdp::look_order order{std::to_string(step), before, what.text};
  ask(
    ask_watched{{}, cdp::look_now(order)}, with.most.look_within,
    [=, this](const std::string& json) {
      auto seen = cdp::read_look(json);
      if (!seen || !cdp::same_page(seen->url, url)) {
        leave_for();
        return;
      }
      if (seen->fresh)
        mine->settled = false;
      then();
    },
    [=, this](const failure& why) {
      if (is_loss(why))
        not_done(why);
      else
        leave_for();
    });
}

// -- the line -----------------------------------------------------------------

void page_state::stand_in_line() {
  in_line = at->key;
  ++lines;
  auto order = order_tab();
  order.wait = std::min(with.most.line_max, order.ttl);
  auto patience = order.wait + open_patience;
  self->request(with.with.admission, patience, std::move(order))
    .then(
      [this, key = at->key](const opened_lease& x) {
        --lines;
        had_turn(key, x);
        arm();
      },
      [this, key = at->key](const caf::error& failed) {
        --lines;
        joined &= failed != caf::sec::request_timeout;
        had_no_turn(key, to_failure(failed));
        arm();
      });
}

/// Its answer comes still, and is of no use.
void page_state::forget_line() {
  if (std::exchange(in_line, std::nullopt))
    self->send(with.with.admission, drop_client{with.holder});
}

void page_state::had_turn(const work_key& key, const opened_lease& x) {
  if (in_line != key || leaving) {
    self->send(with.with.registry, release_lease{x.lease.lease});
    quit_if_free();
    return;
  }
  in_line.reset();
  self->send(with.listener, line_left{});
  if (mine || acquiring) {
    self->send(with.with.registry, release_lease{x.lease.lease});
    return;
  }
  mine = berth_of(x);
  if (phase == page_phase::recovering)
    retry_at = now();
  else if (phase == page_phase::idle)
    rest();
}

void page_state::had_no_turn(const work_key& key, const failure& why) {
  if (in_line == key && !leaving) {
    in_line.reset();
    // An estimate is for strangers: to ask costs nothing here.
    auto& [least, most] = with.most.line_retry;
    self->send(with.listener,
               line_left{std::clamp(why.retry_after, least, most)});
  }
  quit_if_free();
}

void page_state::offer() {
  self
    ->request(with.with.admission, with.most.idle_max,
              offer_slot{with.holder, mine->key, mine->where})
    .then(
      [this, number = step] {
        if (number == step && mine)
          release([] {});
        arm();
      },
      [](const caf::error&) {
        // Nobody wanted it in time.
      });
}

void page_state::release(const next& then) {
  auto lease = std::exchange(mine, std::nullopt)->lease;
  auto over = [this, then, number = step] {
    if (number == step)
      then();
    arm();
  };
  self->request(with.with.registry, open_patience, release_lease{lease})
    .then(over, [over](const caf::error&) {
      over(); // It was over before.
    });
}

// -- what may go wrong --------------------------------------------------------

void page_state::not_done(const failure& why) {
  if (is_loss(why))
    lost(why);
  else if (phase == page_phase::recovering)
    retry(why);
  else if (phase != page_phase::halting) // Which tries until it is told off.
    finish(page_failed{why});
}

void page_state::no_tab(const failure& why) {
  if (why.code == errc::capacity)
    no_room = why;
  if (phase != page_phase::recovering) {
    finish(tab_refused{why});
    return;
  }
  if (why.code == errc::capacity && !in_line)
    stand_in_line();
  retry(why);
}

/// While nothing was sent it is nobody's business but ours: another tab will
/// do. Later it is the session's.
void page_state::lost(const failure& why) {
  bool driverless
    = why.code == errc::client_gone || why.cause == loss_cause::driver_gone;
  if (mine && (driverless || why.code == errc::tab_lost)) {
    mine->lost = true;
    mine->driverless |= driverless;
  } else
    mine.reset();
  switch (phase) {
    case page_phase::idle:
    case page_phase::withdrawing: // Ends with the last command under way.
    case page_phase::discarding:  // Is under way with the registry.
      break;
    case page_phase::opening:
    case page_phase::settling:
    case page_phase::preparing:
    case page_phase::composing:
      if (++losses > with.most.losses_max)
        finish(tab_refused{why});
      else
        set_out();
      break;
    case page_phase::recovering:
      retry(why);
      break;
    default:
      report(protocol::tab_gone{
        why.code == errc::tab_lost ? why.cause : loss_cause::closed});
      enter(page_phase::waiting);
  }
}

/// The session hears that somebody works on it.
void page_state::retry(const failure& why) {
  if (!step_by || *step_by <= now()) {
    finish(page_failed{why});
    return;
  }
  report(run_alive{});
  auto until = step_by;
  enter(page_phase::recovering);
  step_by = until;
  retry_at = now() + std::max(why.retry_after, with.most.retry_min);
}

} // namespace berth::actors

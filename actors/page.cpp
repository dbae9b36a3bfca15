#include "actors/page.hpp"

#include <utility>

namespace berth::actors {

namespace {

/// Carries out an act, and arms for what is due after it.
template <class Act>
auto obeys(page_state& state) {
  return [&state](const Act& x) {
    state.obey(x);
    state.arm();
  };
}

} // namespace

page_state::~page_state() {
  if (mine)
    caf::anon_send(with.with.registry, release_lease{mine->lease});
  if (joined) {
    caf::anon_send(with.with.admission, drop_client{with.holder});
    caf::anon_send(with.with.registry, drop_client{with.holder});
  }
}

timestamp page_state::now() const {
  return self->clock().now();
}

// -- acts ---------------------------------------------------------------------

void page_state::obey(const begin_run& x) {
  run = x.run;
  what = x.what;
  goal = x.url;
  home = x.home;
  lease_until = x.lease_until;
  before = -1;
  losses = 0;
  if (know(x.provider))
    set_out();
}

void page_state::set_out() {
  enter(page_phase::opening);
  get_tab([this] {
    enter(page_phase::settling);
    step_by = now() + with.most.ready_within;
    look();
  });
}

/// What may have been sent is looked for first: only then there is something
/// to stop, and the session asks again.
void page_state::obey(const halt_run& x) {
  switch (phase) {
    case page_phase::idle:
      run = x.run;
      finish(page_ended{});
      break;
    case page_phase::opening:
    case page_phase::settling:
    case page_phase::preparing:
    case page_phase::composing:
      enter(page_phase::withdrawing);
      withdrawn();
      break;
    case page_phase::waiting:
    case page_phase::following:
    case page_phase::fetching:
      enter(page_phase::halting);
      pressed = {};
      step_by = now() + with.most.halt_within;
      look();
      break;
    default:
      break;
  }
}

/// Before anything was sent the page is left alone as soon as no command is
/// under way in it.
void page_state::withdrawn() {
  if (phase == page_phase::withdrawing && under_way == 0)
    finish(page_ended{});
}

void page_state::obey(const recover_tab_of& x) {
  // Of a run that began elsewhere nobody here counted the turns.
  if (run.run != x.run.run || phase == page_phase::idle)
    before = -1;
  run = x.run;
  what = x.what;
  goal = x.url;
  home = x.home;
  lease_until = x.lease_until;
  repeats = x.repeats;
  if (!know(x.provider))
    return;
  // A silent one may still be there: from now on it is lost for its tab, too.
  if (mine && !std::exchange(mine->lost, true))
    self->send(mine->tab,
               actors::tab_gone{mine->target, loss_cause::unresponsive});
  enter(page_phase::recovering);
  step_by = now() + with.most.recover_within;
  retry_at = now();
}

void page_state::obey(const confirm_prompt& x) {
  if (x.run != run)
    return; // It was for a page side that died meanwhile.
  if (before < 0 && repeats) {
    finish(prompt_missing{}); // Nobody could tell.
    return;
  }
  enter(page_phase::confirming);
  step_by = now() + with.most.seen_within;
  look();
}

void page_state::obey(const follow_run& x) {
  if (x.run != run)
    return;
  enter(page_phase::following);
  auto kind = effort_at(with.times, at->name, what.effort).kind;
  whole = completion{kind, with.most.whole};
  length_told = 0;
  look();
}

void page_state::obey(const join_line&) {
  if (!at) // It was for a page side that died meanwhile.
    self->send(with.listener, line_left{with.most.line_retry.first});
  else if (!mine && !in_line)
    stand_in_line();
}

void page_state::obey(const leave_line&) {
  forget_line();
}

void page_state::obey(const discard_tab& x) {
  run = x.run;
  enter(page_phase::discarding);
  if (joined)
    discard();
  else // There may be one of an earlier crew.
    join([this] {
      discard();
    });
}

void page_state::discard() {
  if (phase != page_phase::discarding || acquiring)
    return;
  auto gone = [this] {
    finish(protocol::tab_gone{loss_cause::closed});
  };
  if (mine)
    release(gone);
  else
    gone();
}

/// A lease that is on its way would be nobody's.
void page_state::leave() {
  leaving = true;
  forget_line();
  quit_if_free();
}

void page_state::quit_if_free() {
  if (leaving && !acquiring && lines == 0)
    self->quit();
}

// -- steps --------------------------------------------------------------------

void page_state::enter(page_phase into) {
  ++step;
  phase = into;
  last = {};
  calm_since = now();
  next_look.reset();
  step_by.reset();
  retry_at.reset();
  idle_by.reset();
  offer_at.reset();
}

bool page_state::know(const std::string& provider) {
  auto i = with.providers->find(provider);
  if (i == with.providers->end()) {
    finish(page_failed{fail(errc::invalid_argument,
                            "There is no provider '" + provider + "'.")});
    return false;
  }
  at = &i->second;
  return true;
}

void page_state::report(decltype(page_report::what) x) {
  self->send(with.listener, page_report{run, std::move(x)});
  told = now();
}

void page_state::finish(decltype(page_report::what) x) {
  report(std::move(x));
  rest();
}

/// Without a run. The tab stays for a while: for the next one, or for others.
void page_state::rest() {
  enter(page_phase::idle);
  if (!mine)
    return;
  idle_by = now() + with.most.idle_max;
  offer_at = offered_from(mine->since, now(), with.most.share);
}

void page_state::out_of_time() {
  step_by.reset();
  switch (phase) {
    case page_phase::settling:
      finish(page_failed{
        fail(errc::element_missing,
             "The page of " + at->name
               + (last.composer ? " works, or shows no turns, until now."
                                : " shows no composer."))});
      break;
    case page_phase::composing:
      finish(page_failed{
        fail(errc::element_unusable, "The composer did not take the prompt.")});
      break;
    case page_phase::seeking:
      finish(page_failed{fail(errc::send_unconfirmed,
                              last.typed ? "It stands in the composer still."
                                         : "No turn with it has appeared.")});
      break;
    case page_phase::confirming:
      finish(prompt_missing{});
      break;
    case page_phase::halting:
      // It does not stop by itself: what works there goes with its page.
      step_by = now() + with.most.halt_within;
      ask(
        navigate{{}, "about:blank", load_state::commit}, with.most.halt_within,
        [this](const std::string&) {
          finish(page_ended{});
        },
        [this](const failure& why) {
          not_done(why);
        });
      break;
    default:
      break;
  }
}

void page_state::wake() {
  alarm.rang(now());
  auto due = [&](std::optional<timestamp>& x) {
    bool result = x && *x <= now();
    if (result)
      x.reset();
    return result;
  };
  if (due(idle_by) && mine)
    release([] {});
  if (due(offer_at) && mine)
    offer();
  if (due(retry_at))
    get_tab([this] {
      report(tab_back{});
      enter(page_phase::waiting);
    });
  if (step_by && *step_by <= now())
    out_of_time();
  if (due(next_look))
    look();
  arm();
}

void page_state::arm() {
  alarm.arm(self, earlier(earlier(earlier(next_look, step_by),
                                  earlier(retry_at, idle_by)),
                          offer_at));
}

page_shell::behavior_type
page(page_state::pointer self, const page_start& with) {
  auto& state = self->state;
  state.with = with;
  self->monitor(with.listener);
  self->set_down_handler([&state](const caf::down_msg&) {
    state.leave();
  });
  return {
    obeys<begin_run>(state),
    obeys<halt_run>(state),
    obeys<recover_tab_of>(state),
    obeys<confirm_prompt>(state),
    obeys<follow_run>(state),
    obeys<join_line>(state),
    obeys<leave_line>(state),
    obeys<discard_tab>(state),
    [&state](const leave_tab&) {
      state.leave();
    },
    [&state](const page_stirred& x) {
      state.stirred(x.told);
      state.arm();
    },
    [&state](const page_lost& x) {
      // Not of a tab that was given away, nor what was known before.
      if (state.mine && state.mine->lease == x.lease && !state.mine->lost)
        state.lost(x.why);
      state.arm();
    },
    [&state](wake_atom) {
      state.wake();
    },
  };
}

} // namespace berth::actors

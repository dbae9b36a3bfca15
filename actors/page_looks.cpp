// What is seen in the page, and what follows from it.

#include "actors/page_tab.hpp"
#include "cdp/conversation_script.hpp"

namespace berth::actors {

namespace {

using namespace std::chrono_literals;

/// A stop button that was clicked may take that long to go.
constexpr duration press_again = 2s;

} // namespace

bool page_state::wants_looks() const {
  switch (phase) {
    case page_phase::settling:
    case page_phase::composing:
    case page_phase::seeking:
    case page_phase::confirming:
    case page_phase::following:
    case page_phase::halting:
      return true;
    default:
      return false;
  }
}

/// One at a time; whoever asks meanwhile gets the next one.
void page_state::look() {
  next_look.reset();
  if (!wants_looks() || !mine || mine->lost)
    return;
  if (looking) {
    look_again = true;
    return;
  }
  looking = true;
  look_again = false;
  auto within = with.most.look_within;
  cdp::look_order order{std::to_string(step), before, what.text};
  auto over = [this] {
    looking = false;
    if (look_again)
      look();
    else if (wants_looks() && !next_look)
      next_look = now() + with.most.look_every;
    arm();
  };
  self
    ->request(mine->tab, within + tab_margin,
              ask_watched{{mine->lease, {}, within}, cdp::look_now(order)})
    .then(
      [this, over](const answer& x) {
        looked(x.value);
        over();
      },
      [this, over, number = step](const caf::error& error) {
        auto why = to_failure(error);
        // A page between two documents cannot be looked at; one that hangs is
        // found out by its tab.
        bool passes = why.code == errc::script_threw
                      || why.code == errc::cdp_error
                      || why.code == errc::deadline_exceeded
                      || why.code == errc::tab_overloaded;
        if (number == step && !passes)
          not_done(why);
        over();
      });
}

void page_state::looked(const std::string& json) {
  auto x = cdp::read_look(json);
  if (!x || x->of != std::to_string(step) || !mine)
    return;
  if (x->fresh)
    mine->settled = false;
  see(*x);
}

/// The page has told of itself. What it told of an older step is no answer.
void page_state::stirred(const std::string& json) {
  if (!with.most.listens || !wants_looks() || !mine)
    return;
  auto x = cdp::read_look(json);
  if (x && x->of == std::to_string(step))
    see(*x);
  else
    look();
}

void page_state::see(const cdp::page_look& x) {
  auto number = step;
  switch (phase) {
    case page_phase::settling:
      settle(x);
      break;
    case page_phase::composing:
      if (x.typed)
        send();
      break;
    case page_phase::seeking:
    case page_phase::confirming:
      seek(x);
      break;
    case page_phase::following:
      follow(x);
      break;
    case page_phase::halting:
      halt(x);
      break;
    default:
      break;
  }
  if (number != step)
    return;
  last = x;
  if (!next_look)
    next_look = now() + with.most.look_every;
}

/// Nothing has changed for a while.
bool page_state::calm(const cdp::page_look& x) {
  if (x.turns != last.turns || x.url != last.url || x.answer != last.answer
      || x.composer != last.composer)
    calm_since = now();
  next_look = std::max(calm_since + with.most.calm, now() + 1ms);
  return now() >= calm_since + with.most.calm;
}

/// Turns that come late would be taken for the prompt's: they are counted
/// when no more come.
void page_state::settle(const cdp::page_look& x) {
  if (x.trouble != cdp::page_trouble::none) {
    finish(page_failed{cdp::explain(x, *at)});
    return;
  }
  bool still = calm(x) || mine->settled;
  bool all = goal.empty() || x.turns > 0;
  if (!still || !all || !x.composer || x.works())
    return;
  mine->settled = true;
  before = static_cast<int64_t>(x.turns);
  prepare();
}

void page_state::seek(const cdp::page_look& x) {
  tell_name(x);
  if (x.at >= 0) {
    mine->begun = false;
    report(prompt_seen{});
    enter(page_phase::waiting);
  } else if (x.trouble != cdp::page_trouble::none)
    finish(page_failed{cdp::explain(x, *at)});
}

void page_state::follow(const cdp::page_look& x) {
  tell_name(x);
  if (x.trouble != cdp::page_trouble::none && !x.works()) {
    finish(page_failed{cdp::explain(x, *at)});
    return;
  }
  auto verdict = whole.see(x.answer, now());
  auto since = now() - told;
  if (x.answer.length != length_told && since >= with.most.progress_every) {
    length_told = x.answer.length;
    report(answer_seen{length_told});
  } else if (since >= with.times.heartbeat)
    report(run_alive{});
  next_look = verdict.next;
  if (verdict.done)
    fetch_answer(x);
}

/// If it is another by now it was not whole: then all begins anew.
void page_state::fetch_answer(const cdp::page_look& seen) {
  enter(page_phase::fetching);
  auto again = [this] {
    obey(follow_run{run});
  };
  ask(
    ask_watched{{}, cdp::read_answer()}, with.most.look_within,
    [this, seen, again](const std::string& json) {
      if (auto text = cdp::read_answer_text(json, seen))
        finish(answer_done{std::move(*text)});
      else
        again();
    },
    [this, again](const failure& why) {
      if (why.code == errc::script_threw || why.code == errc::cdp_error
          || why.code == errc::deadline_exceeded)
        again();
      else
        not_done(why);
    });
}

/// A page that shows nothing of its work may be in a pause: where whole answers
/// are marked, only the mark tells that this one has ended, or that it was
/// stopped.
void page_state::halt(const cdp::page_look& x) {
  if (x.answer.stop && now() >= pressed + press_again)
    press_stop();
  bool marked = x.answer.done || at->parts.done.empty();
  bool stopped = pressed != timestamp{};
  if (calm(x) && !x.works() && (marked || stopped))
    finish(page_ended{});
}

void page_state::press_stop() {
  pressed = now();
  auto tried = [this](const failure& why) {
    not_done(why);
  };
  find(
    at->parts.stop, false,
    [this, tried](const std::string& selector) {
      ask(
        click{{}, selector}, with.most.step_within,
        [this](const std::string&) {
          look();
        },
        tried);
    },
    tried);
}

/// Before the prompt's turn is reported: a conversation without an address
/// could not be found again.
void page_state::tell_name(const cdp::page_look& x) {
  auto both = x.url + '\n' + x.title;
  if (both == name_told || !is_conversation(*at, x.url))
    return;
  name_told = both;
  goal = x.url;
  report(page_named{x.url, x.title});
}

} // namespace berth::actors

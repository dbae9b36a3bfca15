// Whether a Chrome that runs is of use, and what is done if it is not.

#include "actors/browser.hpp"
#include "actors/errors.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

bool browser_state::is_used() const {
  return !berths.empty() || !popups.empty() || !waiters.empty();
}

/// Asks Chrome if it was silent for long. Its answer is heard like any other
/// word, and nothing is to be done with it.
void browser_state::feel_pulse() {
  auto due = pulse.next_deadline(is_used());
  if (!link || stopping || renewing || !due || now() < *due)
    return;
  bool was_silent = pulse.is_silent();
  auto next = pulse.look(now(), is_used(), link->effort());
  auto silence = to_string(pulse.silent_for(now()));
  if (next == browser_pulse::step::give_up) {
    give_up("It answered nothing for " + silence + ".");
    return;
  }
  calls.tell("Browser.getVersion", {}, {});
  if (!pulse.is_silent())
    return;
  view.trouble = "It has answered nothing for " + silence + ".";
  if (was_silent)
    return;
  enter(browser_health::silent);
  event told;
  told.kind = event_kind::browser_changed;
  told.detail = "silent: it has answered nothing for " + silence;
  journal(std::move(told));
}

/// Whatever it says, it is there.
void browser_state::spoke() {
  if (!pulse.heard(now()) || view.state != browser_health::silent)
    return;
  view.trouble.clear();
  enter(browser_health::ready);
  event told;
  told.kind = event_kind::browser_changed;
  told.detail = "answers again";
  journal(std::move(told));
  for (auto& x : std::exchange(waiters, {}))
    x.then(std::nullopt);
}

/// What follows is what follows when it dies by itself.
void browser_state::give_up(const std::string& why) {
  pulse.ended();
  given_up = why + " It is ended, to be started again.";
  view.trouble = given_up;
  enter(browser_health::waiting);
  event told;
  told.kind = event_kind::browser_changed;
  told.detail = "given up: " + why;
  journal(std::move(told));
  link->stop(std::chrono::milliseconds{0});
}

/// No page was in it yet, and no agent: it is Chrome that cannot have tabs.
void browser_state::tab_crashed_at_once() {
  if (pulse.tab_crashed() && link && !stopping && !renewing)
    give_up("Its last " + std::to_string(pulse.crashes())
            + " new tabs crashed as soon as they were made.");
}

/// It may have crashed, or been closed, before Chrome said that it was made.
void browser_state::make_sure_of(const target_id& made) {
  auto whose = targets.owner(made);
  auto i = berths.find(whose);
  // A kept one is looked at again when its page is attached.
  if (i != berths.end() && !i->second.adopting && crashed.contains(made)) {
    auto why = fail(errc::tab_lost, "The new tab crashed at once.");
    why.cause = loss_cause::crashed;
    why.generation = 1;
    why.restorable = true;
    not_set_up(whose, why);
    return;
  }
  call("Target.getTargetInfo", nlohmann::json{{"targetId", made.value}}.dump(),
       [this, made](const reply& x) {
         if (!x.ok() && x.why->code == errc::cdp_error)
           gone(made);
       });
}

/// Nobody is left to wait for a Chrome that says nothing. What it makes after
/// that is closed by whoever ends the lease, or by the next recovery. A tab
/// that it had before is lost to its lease, which lives on.
void browser_state::answer_those_too_late() {
  auto why = unready();
  why.what = "Browser '" + with.how.browser.name.value
             + "' did not make the tab within "
             + to_string(with.how.tab.open_within)
             + ". If it makes it later, it is closed.";
  std::vector<lease_id> late;
  for (auto& [id, x] : berths)
    if (x.waits_for_chrome() && x.made_by <= now())
      late.push_back(id);
  for (auto id : late) {
    auto& whose = berths.at(id);
    if (whose.again) {
      drive_lost(whose, loss_cause::unresponsive);
      continue;
    }
    if (whose.adopting) {
      auto unseen = whose.target;
      adopted_none(whose);
      close_target(unseen);
      continue;
    }
    if (whose.opened.pending())
      whose.opened.deliver(to_error(why));
    if (whose.recreated.pending())
      whose.recreated.deliver(to_error(why));
  }
}

} // namespace berth::actors

// What comes after a Chrome: the next one, at once or when it has rested.

#include "actors/browser.hpp"
#include "actors/errors.hpp"

#include <utility>

namespace berth::actors {

/// Whoever places leases is to know.
void browser_state::enter(browser_health what) {
  view.state = what;
  since = now();
  if (with.fleet)
    self->send(with.fleet, note_browser{look()});
}

/// Chrome has ended by itself, or was ended to be followed by another.
void browser_state::succeed(cdp::chrome_end why) {
  if (std::exchange(renewing, false)) {
    care.renewed();
    launch();
    return;
  }
  auto [wait, quarantined, profile]
    = why == cdp::chrome_end::unreachable
        ? care.not_there(now())
        : care.died(now(), why == cdp::chrome_end::fell);
  change_profile(profile);
  next_launch = now() + wait;
  enter(quarantined ? browser_health::quarantined : browser_health::waiting);
  if (quarantined)
    for (auto& x : std::exchange(waiters, {}))
      x.then(unready());
  arm();
}

void browser_state::change_profile(browser_care::profile_step how) {
  event told;
  told.kind = event_kind::browser_changed;
  if (how == browser_care::profile_step::set_aside) {
    profile_aside = with.make_chrome()->set_profile_aside();
    told.detail = "Chrome ended twice as soon as it was started: its profile "
                  "was set aside as "
                  + profile_aside;
  } else if (how == browser_care::profile_step::put_back) {
    with.make_chrome()->put_profile_back(profile_aside);
    told.detail = "a new profile did not help: the old one was put back";
  }
  if (how != browser_care::profile_step::keep && !profile_aside.empty())
    journal(std::move(told));
}

failure browser_state::unready() const {
  auto result = why_not(standing_of(look()));
  if (view.state != browser_health::quarantined)
    result.retry_after = with.how.restart.backoff_max;
  return result;
}

/// Nobody asks for tabs from now on; those that are there are lost.
void browser_state::renew(const std::string& why) {
  event told;
  told.kind = event_kind::browser_changed;
  told.detail = why;
  journal(std::move(told));
  if (!link) {
    launch();
    return;
  }
  renewing = true;
  pulse.ended();
  enter(browser_health::starting);
  link->stop(std::chrono::duration_cast<std::chrono::milliseconds>(
    with.how.browser.stop_within));
}

caf::result<browser_view> browser_state::restart() {
  if (!renewing)
    renew("restarted");
  return await(with.how.browser.stop_within + with.how.browser.start_within);
}

bool browser_state::is_idle() const {
  return view.state == browser_health::ready && link && berths.empty()
         && popups.empty() && !stopping;
}

/// Parked tabs go with it: they are nobody's.
void browser_state::recycle_if_worn() {
  if (!is_idle())
    return;
  auto memory = with.how.browser.memory_max > 0 ? link->memory() : 0;
  if (auto why = care.worn_out(now(), memory); !why.empty())
    renew("recycled: " + why);
}

browser_view browser_state::look() const {
  auto result = view;
  result.name = with.how.browser.name;
  result.managed = !attached_mode();
  result.parked = parked.clean();
  result.unowned = targets.unowned_pages().size() - result.parked;
  result.tabs = owned_pages().size();
  result.since = now() - since;
  result.deaths = care.deaths();
  if (next_launch)
    result.again_in = std::max(*next_launch - now(), duration{0});
  return result;
}

void browser_state::when_ready(timestamp deadline,
                               std::function<void(seen)> then) {
  if (view.state == browser_health::ready)
    then(std::nullopt);
  else if (view.state == browser_health::quarantined)
    then(unready());
  else {
    waiters.push_back({deadline, std::move(then)});
    arm();
  }
}

} // namespace berth::actors

// Tabs that were released, and are kept for the next lease of their key once
// they are clean.

#include "actors/browser.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

namespace {

using nlohmann::json;

constexpr duration traces_within = std::chrono::seconds{3};

std::string attach_to(const target_id& target) {
  return cdp::write_json({{"targetId", target.value}, {"flatten", true}});
}

} // namespace

/// Only of those who last as long as they said: how a client's page is left
/// when the client dies is anybody's guess. Windows in a person's own Chrome
/// are not ours to collect.
bool browser_state::may_reuse(const berth& whom) const {
  return whom.lease.kind == holder_kind::session
         && whom.lease.profile == profile_kind::shared && !attached_mode();
}

/// The lease is over. False: its tab is to be closed. A popup could reach its
/// opener, and so it has to be the only one.
bool browser_state::park(berth& whom) {
  auto target = whom.target;
  auto session = pages.session_of(target);
  bool usable = whom.fresh && may_reuse(whom) && whom.tab && !whom.making
                && session && !closing.is_closing(target)
                && targets.pages(whom.lease.id) == std::vector{target};
  if (!usable || stopping || view.state != browser_health::ready)
    return false;
  auto place = parked.offer(target, whom.lease.key, now());
  if (place.closes)
    close_parked(place.closes, "another key has fewer");
  if (!place.found)
    return false;
  cleaning.expect(target, whom.lease.id);
  link->unroute(session->value);
  self->request(whom.tab, traces_within, get_traces{})
    .then(
      [this, target](const cdp::page_traces& shown) {
        cleaning.begin(target, shown);
      },
      [this, target](const caf::error&) {
        cleaning.fail(target);
      });
  return true;
}

/// Chrome ends a session where it was begun.
void browser_state::drop_session(const target_id& target) {
  auto was = pages.detach(target);
  if (!was)
    return;
  calls.tell("Target.detachFromTarget",
             cdp::write_json({{"sessionId", was->session.value}}),
             was->parent.value);
}

tab_cleaning::host browser_state::cleaning_host() {
  return {
    [this] {
      return now();
    },
    [this] {
      arm();
    },
    [this](const target_id& target) {
      drop_session(target);
    },
    [this](std::string_view session) {
      return pages.page_in({std::string{session}});
    },
    [this](lease_id which) {
      auto i = berths.find(which);
      return i == berths.end() ? cdp::page_traces{} : i->second.traces;
    },
    [this](const target_id& target, lease_id whose) {
      cleaned(target, whose);
    },
    [this](const target_id& target) {
      parked.forget(target);
      close_target(target);
    },
  };
}

void browser_state::cleaned(const target_id& target, lease_id which) {
  auto i = berths.find(which);
  // A popup that came in the meantime could reach it still.
  if (i == berths.end() || targets.pages(which) != std::vector{target}) {
    cleaning.fail(target);
    return;
  }
  targets.park(target);
  parked.cleaned(target, now());
  event told;
  told.kind = event_kind::tab_parked;
  told.lease = which;
  told.key = i->second.lease.key.value;
  told.target = target.value;
  journal(std::move(told));
  closed(which);
  arm();
}

/// A frame in a process of its own is heard of nowhere else.
void browser_state::note_frame(const json& info) {
  target_id which{cdp::text_in(info, "targetId")};
  auto i = berths.find(targets.owner(which));
  if (i == berths.end())
    return;
  auto& page = i->second.target;
  i->second.traces.frame_within(address_of(page), cdp::text_in(info, "url"),
                                cdp::text_in(info, "parentFrameId")
                                  != page.value);
}

// -- the next lease -----------------------------------------------------------

/// Takes a parked tab in the place of a new one, if there is one.
bool browser_state::reuse(lease_id which) {
  auto& whose = berths.at(which);
  auto target
    = may_reuse(whose) ? parked.take(whose.lease.key, now()) : std::nullopt;
  if (!target || !targets.hand_over(*target, which))
    return false;
  whose.target = *target;
  whose.attaching = false;
  whose.reused = true;
  event told;
  told.kind = event_kind::tab_unparked;
  told.lease = which;
  told.token = whose.lease.token;
  told.key = whose.lease.key.value;
  told.target = target->value;
  journal(std::move(told));
  call("Target.attachToTarget", attach_to(*target),
       [this, which, tab = *target](const reply& x) {
         auto i = berths.find(which);
         if (!x.ok() && i != berths.end() && i->second.target == tab
             && i->second.reused)
           not_reused(i->second);
       });
  return true;
}

/// It died on the way: another one will do.
void browser_state::not_reused(berth& whom) {
  whom.reused = false;
  if (auto old = std::exchange(whom.target, {}); targets.find(old))
    close_target(old);
  if (!whom.closing)
    make_target(whom.lease.id);
}

/// Parked tabs are there only as long as nobody needs their place. False: the
/// new tab is made once there is one.
bool browser_state::make_room(lease_id which) {
  auto others = berths.size() + targets.popups() + closing.orphans();
  if (others + parked.clean() <= with.how.admission.tabs)
    return true;
  auto oldest = parked.give_way();
  if (!oldest)
    return true;
  berths.at(which).making = true;
  ousted[*oldest] = which;
  close_parked(*oldest, "its place is needed");
  return false;
}

void browser_state::room_made(const target_id& by) {
  auto waits = ousted.extract(by);
  auto i = waits ? berths.find(waits.mapped()) : berths.end();
  if (i == berths.end())
    return;
  i->second.making = false;
  if (i->second.closing)
    close_pages(i->second);
  else
    make_target(i->first);
}

// -- the end of a parked tab --------------------------------------------------

void browser_state::unparked(const target_id& target, const char* why) {
  event told;
  told.kind = event_kind::tab_unparked;
  told.target = target.value;
  told.detail = why;
  journal(std::move(told));
}

void browser_state::close_parked(const target_id& target, const char* why) {
  unparked(target, why);
  close_target(target);
}

/// Whoever got it next would not get it blank.
void browser_state::spoilt(const target_id& target, const char* why) {
  if (cleaning.contains(target))
    cleaning.fail(target);
  else if (parked.forget(target))
    close_parked(target, why);
}

void browser_state::parked_gone(const target_id& target) {
  bool unclean = cleaning.forget(target);
  if (parked.forget(target) && !unclean)
    unparked(target, "it is gone");
  room_made(target);
}

} // namespace berth::actors

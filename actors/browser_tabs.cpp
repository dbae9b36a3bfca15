// The making and closing of tabs.

#include "actors/browser.hpp"
#include "actors/errors.hpp"
#include "actors/tab.hpp"
#include "cdp/message.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

namespace {

using nlohmann::json;

} // namespace

// -- opening ------------------------------------------------------------------

caf::result<opened_tab> browser_state::open(const open_tab& x) {
  auto promise = self->make_response_promise<opened_tab>();
  auto id = x.lease.id;
  auto& made = berths[id];
  made.lease = x.lease;
  made.registry = x.registry;
  made.opened = promise;
  made.target = x.lease.target;
  made.adopting = bool{made.target};
  made.fresh = !made.adopting;
  restore_downloads(made);
  made.made_by = now() + with.how.tab.open_within;
  when_ready(made.made_by, [this, id, kept = made.adopting](const seen& why) {
    if (why)
      not_made(id, *why);
    else if (auto i = berths.find(id); i == berths.end() || i->second.closing)
      return;
    else if (kept)
      adopt(id);
    else if (i->second.lease.profile == profile_kind::isolated)
      make_context(id);
    else
      make_target(id);
  });
  return promise;
}

void browser_state::make_context(lease_id which) {
  berths.at(which).making = true;
  call("Target.createBrowserContext", R"({"disposeOnDetach":true})",
       [this, which](const reply& x) {
         auto i = berths.find(which);
         context_id made{cdp::read_text_field(x.result(), "browserContextId")};
         if (i == berths.end()) {
           if (made)
             call("Target.disposeBrowserContext",
                  json{{"browserContextId", made.value}}.dump(),
                  [](const reply&) {});
           return;
         }
         if (!x.ok()) {
           not_made(which, *x.why);
           return;
         }
         i->second.context = made;
         i->second.making = false;
         targets.own_context(made, which);
         accept_downloads(made);
         if (i->second.closing)
           closed(which);
         else
           make_target(which);
       });
}

/// In a window of its own, so that it behaves as in the foreground.
void browser_state::make_target(lease_id which) {
  if (reuse(which) || !make_room(which))
    return;
  auto& whose = berths.at(which);
  json params{
    {"url", "about:blank"}, {"newWindow", true}, {"background", true}};
  if (whose.context)
    params["browserContextId"] = whose.context.value;
  targets.expect(which, whose.context);
  whose.making = true;
  whose.attaching = false;
  care.made_tab();
  call_create(params.dump(), [this, which](const reply& x) {
    auto i = berths.find(which);
    target_id made{cdp::read_text_field(x.result(), "targetId")};
    if (!x.ok() || !made) {
      carry_out(targets.not_created(which, now()));
      not_made(which, x.ok() ? fail(errc::cdp_error, "Chrome made no target.")
                             : *x.why);
      return;
    }
    if (i != berths.end()) {
      i->second.target = made;
      i->second.making = false;
    }
    carry_out(targets.created(which, made, now()));
    if (i == berths.end())
      close_target(made);
    else if (i->second.closing)
      close_pages(i->second);
    else if (i->second.made_unseen())
      make_sure_of(made);
  });
}

std::string browser_state::address_of(const target_id& target) const {
  auto info = targets.find(target);
  return info ? info->url : "";
}

/// The target is known and attached: from now on its tab drives it.
void browser_state::attach(berth& whom) {
  auto session = pages.session_of(whom.target);
  if (!session || whom.closing || std::exchange(whom.attaching, true))
    return;
  if (whom.adopting && crashed.contains(whom.target))
    return adopted_dead(whom);
  if (!whom.tab)
    whom.tab
      = self->spawn(actors::tab, tab_start{whom.lease, false, with.how,
                                           with.recorder, whom.registry, self});
  whom.reused = false;
  whom.resumed = whom.adopting || whom.again;
  whom.adopting = whom.again = false;
  auto id = whom.lease.id;
  link->route(session->value, id.value, [tab = whom.tab](cdp::frame_ptr x) {
    caf::anon_send(tab, std::move(x));
  });
  self
    ->request(whom.tab, with.how.tab.open_within,
              tab_attached{link, calls.ids(), whom.target, *session,
                           whom.resumed ? address_of(whom.target) : ""})
    .then(
      [this, id, tab = whom.tab] {
        if (drives(tab, id))
          settled(id);
      },
      [this, id, tab = whom.tab](const caf::error& why) {
        if (drives(tab, id))
          not_set_up(id, to_failure(why));
      });
}

void browser_state::settled(lease_id which) {
  auto i = berths.find(which);
  if (i == berths.end())
    return;
  auto& whose = i->second;
  if (!whose.target) {
    auto why = fail(errc::tab_lost, "The new tab was lost at once.");
    if (whose.resumed)
      not_resumed(whose, why);
    else
      not_made(which, why);
    return;
  }
  pulse.tab_lives();
  if (whose.opened.pending())
    whose.opened.deliver(opened_tab{whose.tab, whose.target});
  if (whose.recreated.pending())
    whose.recreated.deliver(whose.target);
}

void browser_state::not_made(lease_id which, const failure& why) {
  auto i = berths.find(which);
  if (i == berths.end())
    return;
  auto& whose = i->second;
  whose.making = false;
  if (whose.adopting && !whose.tab && !whose.closing)
    adopted_none(whose);
  if (whose.opened.pending())
    whose.opened.deliver(to_error(why));
  if (whose.recreated.pending())
    whose.recreated.deliver(to_error(why));
  if (whose.closing)
    close_pages(whose);
}

caf::result<target_id> browser_state::recreate(lease_id which) {
  auto i = berths.find(which);
  if (i == berths.end() || i->second.closing)
    return to_error(fail(errc::lease_gone, "The lease is over."));
  auto promise = self->make_response_promise<target_id>();
  auto& whose = i->second;
  // The tab gave up on an earlier one, which may still be waiting for Chrome.
  if (whose.recreated.pending())
    whose.recreated.deliver(
      to_error(fail(errc::tab_lost, "A later recovery took its place.")));
  whose.recreated = promise;
  auto deadline = now() + with.how.tab.open_within;
  whose.made_by = deadline;
  if (whose.making) {
    arm();
    return promise;
  }
  auto attempt = ++whose.attempts;
  // A crashed target stays listed until it is closed.
  if (auto old = std::exchange(whose.target, {}); old && link)
    close_target(old);
  when_ready(deadline, [this, which, attempt](const seen& why) {
    auto at = berths.find(which);
    if (at == berths.end() || at->second.attempts != attempt)
      return;
    if (why)
      not_made(which, *why);
    else if (at->second.closing)
      return;
    // The context of an isolated lease died with its Chrome.
    else if (at->second.lease.profile == profile_kind::isolated
             && !at->second.context)
      make_context(which);
    else
      make_target(which);
  });
  return promise;
}

// -- popups -------------------------------------------------------------------

/// A page that a page of the lease opened. It has an actor of its own, so that
/// its holder can drive it; if it is lost, it stays lost.
void browser_state::adopt_popup(const target_id& target, lease_id which) {
  auto whose = berths.find(which);
  auto session = pages.session_of(target);
  if (!session)
    return;
  if (whose == berths.end() || whose->second.closing) {
    resume(session->value);
    close_target(target);
    return;
  }
  auto tab = self->spawn(actors::tab, tab_start{whose->second.lease, true,
                                                with.how, with.recorder,
                                                whose->second.registry, self});
  self->monitor(tab);
  popups[target] = tab;
  link->route(session->value, which.value, [tab](cdp::frame_ptr x) {
    caf::anon_send(tab, std::move(x));
  });
  self
    ->request(tab, with.how.tab.open_within,
              tab_attached{link, calls.ids(), target, *session, {}})
    .then([] {},
          [](const caf::error&) {
            // It died first; its end is told by Chrome.
          });
  event told;
  told.kind = event_kind::popup_opened;
  told.lease = which;
  told.token = whose->second.lease.token;
  told.client = whose->second.lease.client;
  told.target = target.value;
  if (auto info = targets.find(target))
    told.detail = info->url;
  journal(std::move(told));
}

/// A popup's actor has ended. Before its time that is a bug, and nobody could
/// drive the popup any more.
void browser_state::lost_driver(const caf::actor_addr& whom) {
  for (auto& [target, tab] : popups)
    if (tab.address() == whom && !closing.is_closing(target)) {
      close_target(target_id{target});
      return;
    }
}

// -- closing ------------------------------------------------------------------

caf::result<void> browser_state::close(lease_id which) {
  auto i = berths.find(which);
  if (i == berths.end())
    return caf::unit;
  auto promise = self->make_response_promise();
  auto& whose = i->second;
  auto why = fail(errc::lease_gone, "The lease is over.");
  if (whose.opened.pending())
    whose.opened.deliver(to_error(why));
  if (whose.recreated.pending())
    whose.recreated.deliver(to_error(why));
  whose.closing = true;
  whose.closed = promise;
  if (whose.tab)
    self->send(whose.tab, tab_closed{why});
  if (!park(whose))
    close_pages(whose);
  return promise;
}

/// Closes what the lease has; it is closed when Chrome says so.
void browser_state::close_pages(berth& whom) {
  auto which = whom.lease.id;
  auto mine = targets.pages(which);
  for (const auto& target : mine) {
    if (auto popup = popups.find(target); popup != popups.end())
      self->send(popup->second,
                 tab_closed{fail(errc::lease_gone, "The lease is over.")});
    if (!closing.is_closing(target) && !cleaning.contains(target))
      close_target(target);
  }
  if (mine.empty() && !whom.making)
    closed(which);
}

void browser_state::close_target(const target_id& target) {
  if (!link)
    return;
  closing.begin(target, now());
  ask_to_close(target);
}

void browser_state::ask_to_close(const target_id& target) {
  resume_page(target);
  json params{{"targetId", target.value}};
  call("Target.closeTarget", params.dump(), [this, target](const reply& x) {
    // Chrome does not know it: it is gone, whatever else was told.
    if (!x.ok() && x.why->code == errc::cdp_error)
      gone(target);
  });
}

/// It did not close in time: its slot is freed, the reaper goes on trying.
void browser_state::orphaned(const target_id& target) {
  room_made(target);
  auto whose = targets.owner(target);
  count_tabs();
  event told;
  told.kind = event_kind::target_orphaned;
  told.lease = whose;
  told.target = target.value;
  journal(std::move(told));
  if (auto i = berths.find(whose); i != berths.end() && i->second.closing)
    closed(whose);
}

/// Nothing of the lease is left that could be waited for.
void browser_state::closed(lease_id which) {
  auto entry = berths.extract(which);
  if (!entry)
    return;
  auto& whose = entry.mapped();
  targets.forget(which);
  downloads.cancel(which);
  count_tabs();
  auto done = [promise = whose.closed](const reply&) mutable {
    if (promise.pending())
      promise.deliver(caf::unit);
  };
  if (whose.context && link)
    call("Target.disposeBrowserContext",
         json{{"browserContextId", whose.context.value}}.dump(), done);
  else
    done({});
  recycle_if_worn();
}

caf::result<bool> browser_state::ask(const ask_alive& x) {
  auto promise = self->make_response_promise<bool>();
  call("Target.getTargetInfo", json{{"targetId", x.target.value}}.dump(),
       [promise](const reply& answer) mutable {
         promise.deliver(answer.ok());
       });
  return promise;
}

} // namespace berth::actors

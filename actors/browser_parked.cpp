// Tabs that were released, and are kept for the next lease of their key. Their
// last holder's attachment goes, and with it all that was set or installed
// through it; then documents without scripts take the place of every page that
// the tab showed, and clear what it stored; then it is blank, without a past.

#include "actors/browser.hpp"
#include "cdp/base64.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::actors {

namespace {

using nlohmann::json;

/// A tab that takes longer is closed.
constexpr duration wash_patience = std::chrono::seconds{3};

constexpr const char* blank = R"({"url":"about:blank"})";

std::string attach_to(const target_id& target) {
  return cdp::write_json({{"targetId", target.value}, {"flatten", true}});
}

std::string evaluation(const char* expression) {
  return cdp::write_json({{"expression", expression},
                          {"returnByValue", true},
                          {"awaitPromise", true}});
}

/// Until the document is there, and its script has run.
void ask_whether_clean(browser_state& self, const target_id& target,
                       const std::string& origin) {
  auto then = [&self, target, origin](browser_state::wash& what,
                                      std::string_view result) {
    auto got = cdp::read_evaluation(result);
    if (!got.exception.empty())
      ask_whether_clean(self, target, origin);
    else if (got.value != cdp::quote(origin))
      self.not_washed(target);
    else {
      what.left.erase(origin);
      self.clear_next(target);
    }
  };
  self.ask_washed(target, "Runtime.evaluate", evaluation(cdp::clean_origin),
                  then);
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
  washes[target] = {whom.lease.id, now() + wash_patience, {}, {}, {}};
  link->unroute(session->value);
  self->request(whom.tab, wash_patience, get_traces{})
    .then(
      [this, target](const cdp::page_traces& shown) {
        begin_wash(target, shown);
      },
      [this, target](const caf::error&) {
        not_washed(target);
      });
  return true;
}

/// Ours is there before the last holder's is gone, so that no page of the tab
/// goes unseen.
void browser_state::begin_wash(const target_id& target,
                               const cdp::page_traces& shown) {
  auto i = washes.find(target);
  if (i == washes.end())
    return;
  i->second.traces.add(shown);
  ask_washed(target, "Target.attachToTarget", attach_to(target),
             [this, target](wash& what, std::string_view result) {
               what.session = cdp::read_text_field(result, "sessionId");
               leave_page(target);
             });
}

/// One step; whatever goes wrong, the tab is closed. At the root before there
/// is an attachment of ours.
void browser_state::ask_washed(const target_id& target, std::string_view method,
                               const std::string& params, then_washed then) {
  auto i = washes.find(target);
  if (i == washes.end())
    return;
  calls.send({method, params, i->second.session, i->second.deadline},
             [this, target, then = std::move(then)](const reply& x) {
               auto at = washes.find(target);
               if (at == washes.end())
                 return;
               auto wrong = cdp::read_text_field(x.result(), "errorText");
               if (x.ok() && wrong.empty())
                 then(at->second, x.result());
               else
                 not_washed(target);
             });
  arm();
}

/// Nothing that it asks for is let out any more.
void browser_state::leave_page(const target_id& target) {
  auto ignore = [](wash&, std::string_view) {};
  ask_washed(target, "Page.enable", {}, ignore);
  ask_washed(target, "Network.enable", {}, ignore);
  ask_washed(target, "Network.setBypassServiceWorker", R"({"bypass":true})",
             ignore);
  ask_washed(target, "Fetch.enable", R"({"patterns":[{"urlPattern":"*"}]})",
             ignore);
  drop_session(target);
  ask_washed(target, "Page.navigate", blank,
             [this, target](wash& what, std::string_view) {
               if (auto i = berths.find(what.whose); i != berths.end())
                 what.traces.add(i->second.traces);
               if (!what.traces.can_be_cleaned()) {
                 not_washed(target);
                 return;
               }
               what.left = what.traces.origins();
               clear_next(target);
             });
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

/// One origin after the other, each with its frames.
void browser_state::clear_next(const target_id& target) {
  auto& what = washes.at(target);
  if (what.left.empty()) {
    leave_blank(target);
    return;
  }
  auto origin = what.left.begin()->first;
  ask_washed(target, "Page.navigate", cdp::write_json({{"url", origin + '/'}}),
             [this, target, origin](wash&, std::string_view) {
               ask_whether_clean(*this, target, origin);
             });
}

/// What its next lease gets is what was looked at in the end.
void browser_state::leave_blank(const target_id& target) {
  auto check = [this, target](wash& what, std::string_view result) {
    if (cdp::read_evaluation(result).value != "true") {
      not_washed(target);
      return;
    }
    json params{{"sessionId", std::exchange(what.session, {})}};
    ask_washed(target, "Target.detachFromTarget", cdp::write_json(params),
               [this, target](wash&, std::string_view) {
                 washed(target);
               });
  };
  auto look = [this, target, check](wash&, std::string_view) {
    ask_washed(target, "Runtime.evaluate",
               evaluation(cdp::check_blank().c_str()), check);
  };
  // Chrome answers before the document is there, which a script waits for.
  auto reset = [this, target, look](wash&, std::string_view) {
    ask_washed(target, "Page.resetNavigationHistory", {}, look);
  };
  ask_washed(target, "Page.navigate", blank,
             [this, target, reset](wash&, std::string_view) {
               ask_washed(target, "Runtime.evaluate", evaluation("1"), reset);
             });
}

void browser_state::washed(const target_id& target) {
  auto whose = washes.at(target).whose;
  auto i = berths.find(whose);
  // A popup that came in the meantime could reach it still.
  if (i == berths.end() || targets.pages(whose) != std::vector{target}) {
    not_washed(target);
    return;
  }
  washes.erase(target);
  targets.park(target);
  parked.cleaned(target, now());
  event told;
  told.kind = event_kind::tab_parked;
  told.lease = whose;
  told.key = i->second.lease.key.value;
  told.target = target.value;
  journal(std::move(told));
  closed(whose);
  arm();
}

void browser_state::not_washed(const target_id& target) {
  washes.erase(target);
  parked.forget(target);
  close_target(target);
}

// -- what Chrome tells of it --------------------------------------------------

/// In the last holder's attachment, until it is gone, and in ours.
bool browser_state::washing_heard(const cdp::frame_ptr& frame) {
  auto& head = frame->head;
  auto last = pages.page_in({std::string{head.session}});
  auto i = std::ranges::find_if(washes, [&](const auto& x) {
    return x.second.session == head.session || (last && x.first == last);
  });
  if (head.session.empty() || i == washes.end())
    return false;
  auto& [target, what] = *i;
  auto params = cdp::read_object(head.params);
  if (head.method == "Page.frameNavigated") {
    auto shown = cdp::object_in(params, "frame");
    auto parent = cdp::text_in(shown, "parentId");
    if (parent.empty())
      what.traces.document(cdp::text_in(shown, "url"));
    else
      what.traces.frame(cdp::text_in(shown, "url"), parent != target.value);
  } else if (head.method == "Fetch.requestPaused")
    serve(target, params);
  else if (head.method == "Page.javascriptDialogOpening")
    calls.tell("Page.handleJavaScriptDialog", R"({"accept":true})",
               what.session);
  return true;
}

/// Of what is asked for, only the document that clears the origin, and those
/// of its frames, are there.
void browser_state::serve(const target_id& target, const json& params) {
  auto& what = washes.at(target);
  json answer{{"requestId", cdp::text_in(params, "requestId")}};
  auto url = cdp::text_in(cdp::object_in(params, "request"), "url");
  bool of_main = cdp::text_in(params, "frameId") == target.value;
  auto first = what.left.begin();
  bool wanted = first != what.left.end()
                && cdp::text_in(params, "resourceType") == "Document"
                && (of_main ? cdp::origin_of(url) == first->first
                            : first->second.contains(cdp::origin_of(url)));
  if (!wanted) {
    answer["errorReason"] = "Aborted";
    calls.tell("Fetch.failRequest", cdp::write_json(answer), what.session);
    return;
  }
  answer["responseCode"] = 200;
  answer["responseHeaders"]
    = json::array({{{"name", "Content-Type"}, {"value", "text/html"}}});
  answer["body"] = cdp::encode_base64(
    of_main ? cdp::clearing_page(first->second) : cdp::clearing_frame());
  calls.tell("Fetch.fulfillRequest", cdp::write_json(answer), what.session);
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
  if (washes.contains(target))
    not_washed(target);
  else if (parked.forget(target))
    close_parked(target, why);
}

void browser_state::parked_gone(const target_id& target) {
  bool unclean = washes.erase(target) > 0;
  if (parked.forget(target) && !unclean)
    unparked(target, "it is gone");
  room_made(target);
}

} // namespace berth::actors

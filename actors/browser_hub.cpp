// What Chrome tells the hub: targets that come, change and go.

#include "actors/browser.hpp"
#include "cdp/read_json.hpp"

#include <algorithm>

namespace berth::actors {

namespace {

using cdp::text_in;
using nlohmann::json;

constexpr const char* attach_pages
  = R"({"autoAttach":true,"waitForDebuggerOnStart":true,"flatten":true,)"
    R"("filter":[{"type":"page"},{"exclude":true}]})";

target_seen to_target(const json& info) {
  return {{text_in(info, "targetId")}, text_in(info, "type"),
          text_in(info, "url"),        {text_in(info, "browserContextId")},
          {text_in(info, "openerId")}, {text_in(info, "parentId")}};
}

json inside(const cdp::frame_ptr& frame) {
  return cdp::read_object(frame->head.params);
}

struct carry_out_target {
  browser_state& state;

  void operator()(const target_owned& x) const {
    if (x.popup)
      state.adopt_popup(x.target, x.lease);
    else if (auto i = state.berths.find(x.lease); i != state.berths.end())
      state.attach(i->second);
  }

  /// It must run before it is closed, or its opener stays blocked.
  void operator()(const popup_refused& x) const {
    if (state.closing.is_closing(x.target))
      return;
    state.resume_page(x.target);
    state.close_target(x.target);
    event told;
    told.kind = event_kind::popup_refused;
    told.lease = x.lease;
    told.target = x.target.value;
    state.journal(std::move(told));
  }

  /// Not ours to hold. What an orphan opens is as orphaned as itself, and what
  /// a parked tab opens nobody asked for.
  void operator()(const target_unowned& x) const {
    state.resume_page(x.target);
    if (state.is_left_over(x.target))
      state.close_target(x.target);
    auto info = state.targets.find(x.target);
    if (!info)
      return;
    auto opener = info->opener;
    if (state.closing.is_orphan(opener) || state.parked.has(opener))
      state.close_target(x.target);
    state.spoilt(opener, "it opened a page");
  }

  void operator()(const target_gone&) const {
    // nop: `gone` has told whoever drove it.
  }
};

} // namespace

void browser_state::hear(const cdp::frame_ptr& frame) {
  auto& head = frame->head;
  spoke();
  if (head.is_answer()) {
    calls.hear(frame);
    arm();
    return;
  }
  if (cleaning.hear(*frame))
    return;
  if (!probes.empty())
    probe_heard(frame);
  if (head.method == "Target.attachedToTarget")
    attached(frame);
  else if (head.method == "Target.targetCreated"
           || head.method == "Target.targetInfoChanged") {
    auto what = cdp::object_in(inside(frame), "targetInfo");
    auto info = to_target(what);
    // A page is decided when it is attached, and so can be let go.
    if (info.type != "page" || pages.contains(info.id))
      carry_out(targets.see(info, now()));
    if (info.type == "iframe")
      note_frame(what);
  } else if (head.method == "Target.targetCrashed") {
    target_id which{text_in(inside(frame), "targetId")};
    if (!targets.owner(which))
      crashed.insert(which); // Whoever it is made for is to know.
    lost(which, loss_cause::crashed);
    spoilt(which, "it crashed");
  } else if (head.method == "Target.targetDestroyed")
    gone({text_in(inside(frame), "targetId")});
  else if (head.method == "Target.detachedFromTarget") {
    lost(pages.page_in({text_in(inside(frame), "sessionId")}),
         loss_cause::destroyed);
  } else if (head.method == "Browser.downloadWillBegin")
    download_begins(inside(frame));
  else if (head.method == "Browser.downloadProgress")
    downloads.moves(inside(frame));
}

/// A tab of the window system, or the page inside one. Both are held paused:
/// the tab only until its page is attached, the page until its owner is known.
void browser_state::attached(const cdp::frame_ptr& frame) {
  auto what = inside(frame);
  auto info = to_target(cdp::object_in(what, "targetInfo"));
  auto session = text_in(what, "sessionId");
  if (info.type == "tab") {
    call(
      "Target.setAutoAttach", attach_pages, [](const reply&) {}, session);
    resume(session);
    return;
  }
  if (info.type != "page") {
    resume(session);
    return;
  }
  if (cleaning.contains(info.id))
    return; // By us, beside its last holder.
  auto probe = probes.find(info.id);
  if (probe != probes.end() && frame->head.session.empty()) {
    probe->second = session;
    return;
  }
  pages.attach(info.id, {{session}, {std::string{frame->head.session}}});
  carry_out(targets.see(info, now()));
  // The create may have been answered before its page was attached.
  if (auto i = berths.find(targets.owner(info.id));
      i != berths.end() && i->second.target == info.id)
    attach(i->second);
}

void browser_state::carry_out(const target_events& what) {
  for (const auto& x : what)
    std::visit(carry_out_target{*this}, x);
  if (!what.empty())
    count_tabs();
}

void browser_state::resume(const std::string& session) {
  // Its answer would go to the tab that drives this attachment by now.
  calls.tell("Runtime.runIfWaitingForDebugger", {}, session);
}

void browser_state::resume_page(const target_id& page) {
  if (auto session = pages.session_of(page))
    resume(session->value);
}

/// The page cannot be driven any more, whether or not Chrome still lists it.
void browser_state::lost(const target_id& target, loss_cause cause) {
  auto was = pages.detach(target);
  if (!was)
    return;
  if (link)
    link->unroute(was->session.value);
  if (auto popup = popups.extract(target)) {
    auto why = fail(errc::tab_lost, "The popup is gone.");
    why.cause = cause;
    why.generation = 1;
    self->send(popup.mapped(), tab_closed{why});
    return;
  }
  auto whose = berths.find(targets.owner(target));
  if (whose == berths.end() || whose->second.target != target)
    return;
  if (whose->second.tab && !whose->second.closing)
    self->send(whose->second.tab, tab_gone{target, cause});
}

void browser_state::gone(const target_id& target) {
  auto whose = targets.owner(target);
  lost(target, loss_cause::destroyed);
  crashed.erase(target);
  if (closing.gone(target)) {
    event told;
    told.kind = event_kind::target_closed;
    told.lease = whose;
    told.target = target.value;
    journal(std::move(told));
  }
  carry_out(targets.gone(target));
  parked_gone(target);
  count_tabs();
  if (auto i = berths.find(whose); i != berths.end() && i->second.closing
                                   && !i->second.making
                                   && targets.pages(whose).empty())
    closed(whose);
  auto cut_off = std::ranges::find_if(berths, [&](const auto& x) {
    return x.second.target == target && x.second.made_unseen();
  });
  if (cut_off != berths.end() && cut_off->second.again)
    drive_lost(cut_off->second);
  else if (cut_off != berths.end() && cut_off->second.reused)
    not_reused(cut_off->second);
  else if (cut_off != berths.end())
    not_made(cut_off->first,
             fail(errc::tab_lost, "The new tab was closed at once."));
  leave();
}

void browser_state::count_tabs() {
  // An orphan's slot is free, its tab is not gone.
  auto extra = targets.popups() + closing.orphans();
  if (!admission || extra == extra_told)
    return;
  extra_told = extra;
  self->send(admission, note_extra_tabs{with.how.browser.name, extra});
}

} // namespace berth::actors

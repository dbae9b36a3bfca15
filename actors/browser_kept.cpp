// What a crew takes over of the one before it: tabs that may be there still.

#include "actors/browser.hpp"
#include "actors/tab.hpp"
#include "cdp/message.hpp"
#include "cdp/read_json.hpp"

#include <memory>

namespace berth::actors {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// A Chrome that says nothing in so long is served all the same.
constexpr duration probe_patience = 1s;

} // namespace

/// Before Chrome shows any of them.
void browser_state::claim_kept() {
  for (const auto& x : with.kept)
    carry_out(targets.created(x.id, x.target, now()));
}

/// A page that crashed is loaded again by Chrome as soon as its window is
/// attached to, and nothing tells that it is not what it was. So we ask before.
void browser_state::find_crashed(const std::function<void()>& then) {
  auto left = std::make_shared<size_t>(with.kept.size());
  auto done = [left, then] {
    if (--*left == 0)
      then();
  };
  for (const auto& x : with.kept)
    probe(x.target, done);
}

/// Its answers come before those of its window, or are not waited for.
void browser_state::probe(const target_id& target,
                          const std::function<void()>& then) {
  probes[target] = {};
  json whom{{"targetId", target.value}, {"flatten", true}};
  auto until = now() + probe_patience;
  auto look = [=, this](const reply&) {
    auto session = probes[target]; // As its attachment told.
    auto leave = [=, this](const reply&) {
      probes.erase(target);
      if (!session.empty())
        calls.tell("Target.detachFromTarget",
                   cdp::write_json({{"sessionId", session}}), {});
      then();
    };
    if (session.empty()) {
      leave({});
      return;
    }
    calls.send({"Inspector.enable", {}, session, until}, leave);
    arm();
  };
  calls.send({"Target.attachToTarget", cdp::write_json(whom), {}, until}, look);
  arm();
}

void browser_state::probe_heard(const cdp::frame_ptr& frame) {
  for (const auto& [target, session] : probes)
    if (frame->head.session == session
        && frame->head.method == "Inspector.targetCrashed")
      crashed.insert(target);
}

/// The target may be there still: shown already, or shown soon, or not at all.
void browser_state::adopt(lease_id which) {
  auto& whose = berths.at(which);
  if (whose.tab)
    return;
  if (!whose.target) { // Its Chrome has ended meanwhile.
    adopted_none(whose);
    return;
  }
  attach(whose);
  if (whose.made_unseen())
    make_sure_of(whose.target);
}

/// It is gone: its lease has a tab that is lost, and can be recovered.
void browser_state::adopted_none(berth& whom, loss_cause why) {
  auto& lost_one = whom.lease.target;
  whom.target = {};
  whom.adopting = false; // The next one shows nothing yet.
  whom.tab
    = self->spawn(actors::tab, tab_start{whom.lease, false, with.how,
                                         with.recorder, whom.registry, self});
  self->send(whom.tab, tab_gone{lost_one, why});
  whom.opened.deliver(opened_tab{whom.tab, lost_one});
}

void browser_state::adopted_dead(berth& whom) {
  auto page = whom.target;
  crashed.erase(page);
  resume_page(page);
  adopted_none(whom, loss_cause::crashed);
  close_target(page);
}

/// In a Chrome of our own that ran before us: nobody's, and no anchor.
bool browser_state::is_left_over(const target_id& page) {
  if (!survivor)
    return false;
  auto info = targets.find(page);
  bool could_be_anchor = info && !info->opener && info->url == "about:blank";
  if (could_be_anchor && !anchor)
    anchor = page;
  return anchor != page;
}

} // namespace berth::actors

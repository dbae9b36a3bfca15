// What a crew takes over of the one before it: tabs that may be there still.

#include "actors/browser.hpp"
#include "actors/tab.hpp"

namespace berth::actors {

/// Before Chrome shows any of them.
void browser_state::claim_kept() {
  for (const auto& x : with.kept)
    carry_out(targets.created(x.id, x.target, now()));
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
void browser_state::adopted_none(berth& whom) {
  auto& lost_one = whom.lease.target;
  whom.target = {};
  whom.adopting = false; // The next one shows nothing yet.
  whom.tab
    = self->spawn(actors::tab, tab_start{whom.lease, false, with.how,
                                         with.recorder, whom.registry, self});
  self->send(whom.tab, tab_gone{lost_one, loss_cause::browser_gone});
  whom.opened.deliver(opened_tab{whom.tab, lost_one});
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

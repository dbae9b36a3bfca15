// Who drives the tabs of leases, and what is done if one of them fails.

#include "actors/browser.hpp"
#include "actors/errors.hpp"
#include "actors/tab.hpp"
#include "cdp/read_json.hpp"

#include <utility>

namespace berth::actors {

/// Attached anew, so that nothing of the last driver is left in the session:
/// its page goes on as it is.
caf::result<opened_tab> browser_state::drive(const drive_tab& x) {
  auto i = berths.find(x.lease.id);
  if (i == berths.end() || i->second.closing)
    return to_error(fail(errc::lease_gone, "The lease is over."));
  auto promise = self->make_response_promise<opened_tab>();
  auto& whose = i->second;
  auto target = whose.target;
  whose.lease = x.lease;
  whose.tab = nullptr;
  whose.opened = promise;
  whose.recreated = {};
  auto session = pages.session_of(target);
  if (whose.making || !session || closing.is_closing(target)) {
    drive_lost(whose);
    return promise;
  }
  link->unroute(session->value);
  drop_session(target);
  whose.attaching = false;
  whose.again = true;
  whose.made_by = now() + with.how.tab.open_within;
  call("Target.attachToTarget",
       cdp::write_json({{"targetId", target.value}, {"flatten", true}}),
       [this, id = x.lease.id, target](const reply& got) {
         auto at = berths.find(id);
         if (!got.ok() && at != berths.end() && at->second.again
             && at->second.target == target)
           drive_lost(at->second);
       });
  return promise;
}

/// There is nothing that could be driven: the new driver says so, and recovers
/// it.
void browser_state::drive_lost(berth& whom, loss_cause why) {
  whom.again = false;
  auto& was = whom.lease.target;
  if (!link)
    why = loss_cause::browser_gone;
  else if (!targets.find(was))
    why = loss_cause::destroyed;
  else if (why == loss_cause::none)
    why = loss_cause::crashed;
  whom.tab
    = self->spawn(actors::tab, tab_start{whom.lease, false, with.how,
                                         with.recorder, whom.registry, self});
  self->send(whom.tab, tab_gone{was, why});
  if (whom.opened.pending())
    whom.opened.deliver(opened_tab{whom.tab, was});
}

/// A page that was driven before: an accident costs the tab, which can be
/// recovered, and not the lease.
void browser_state::not_resumed(berth& whom, const failure& why) {
  if (why.code == errc::tab_lost) { // As whoever drives it was told.
    if (whom.opened.pending())
      whom.opened.deliver(opened_tab{whom.tab, whom.lease.target});
    return;
  }
  if (auto session = pages.session_of(whom.target); link && session)
    link->unroute(session->value);
  self->send(whom.tab, tab_closed{why});
  drive_lost(whom, why.code == errc::deadline_exceeded
                     ? loss_cause::unresponsive
                     : loss_cause::driver_gone);
}

/// It may be another one's by now.
bool browser_state::drives(const tab_actor& tab, lease_id which) const {
  auto i = berths.find(which);
  return i != berths.end() && i->second.tab == tab;
}

/// Chrome made the target, or had it for whoever drove it before.
void browser_state::not_set_up(lease_id which, const failure& why) {
  if (auto i = berths.find(which);
      i != berths.end() && i->second.resumed && !i->second.closing) {
    not_resumed(i->second, why);
    return;
  }
  bool fell = why.code == errc::tab_lost && why.cause == loss_cause::crashed;
  auto told = why;
  if (why.code == errc::deadline_exceeded || why.code == errc::client_gone) {
    told = unready();
    told.what
      = "The new tab could not be set up: " + why.what + " It is closed.";
  }
  not_made(which, told);
  if (fell)
    tab_crashed_at_once();
}

} // namespace berth::actors

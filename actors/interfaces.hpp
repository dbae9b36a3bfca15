// Every actor of the runtime as the others see it: one alias each, one
// documented signature for each message. How an actor works is in its own file.
//
// Any request may be answered with a `caf::error` that carries a
// `protocol::failure`; the comments name only what is special.

#pragma once

#include "actors/client_interfaces.hpp"
#include "actors/inspect.hpp"
#include "actors/messages.hpp"
#include "actors/session_messages.hpp"

#include <caf/all.hpp>

#include <functional>

namespace berth::actors {

/// From now on this watcher, of this principal, hears what happens. Everything
/// is only for those who may hear it; others hear what is their own.
struct watch {
  watcher_actor watcher;
  principal by;
  interest wants = interest::own;
};

struct watch_also {
  watcher_actor watcher;
  session_id session;
};

/// Writes down what happened. There is one for each daemon.
using recorder_actor = caf::typed_actor<
  // Answers once the events are durable; then the watchers hear them.
  caf::replies_to<record>::with<void>,
  // From now on this watcher hears what its filter lets through. A watcher
  // that does not keep up misses events, and is told how many.
  caf::replies_to<watch>::with<void>,
  // From now on this watcher hears of this session, too, until it is closed.
  caf::replies_to<watch_also>::with<void>,
  // The last events, oldest first.
  caf::replies_to<get_recent>::with<events>,
  // Why nothing can be written down at present; empty: it can.
  caf::replies_to<get_journal>::with<std::string>>;

/// Watches the page of a tab.
using page_watcher_actor = caf::typed_actor<
  // The script that watches there told something.
  caf::reacts_to<page_stirred>,
  // The tab is lost, or its lease is over.
  caf::reacts_to<page_lost>>;

/// Run this in every document of the tab, in a world of its own, and tell the
/// watcher what it says; in the documents of a recovered tab, too. One at a
/// time: the last one counts. Answers once it runs.
struct watch_page {
  addressee to;
  std::string script;
  page_watcher_actor watcher;
};

/// Drives one tab: the only sender to that target.
using tab_actor = caf::typed_actor<
  caf::replies_to<navigate>::with<answer>,
  caf::replies_to<evaluate>::with<answer>, caf::replies_to<click>::with<answer>,
  caf::replies_to<type_text>::with<answer>,
  caf::replies_to<wait_for>::with<answer>,
  caf::replies_to<screenshot>::with<answer>,
  caf::replies_to<snapshot>::with<answer>,
  caf::replies_to<upload>::with<answer>,
  caf::replies_to<set_download_directory>::with<answer>,
  caf::replies_to<call_cdp>::with<answer>,
  caf::replies_to<recover_tab>::with<answer>,
  caf::replies_to<describe_tab>::with<answer>,
  // From the page side of a session.
  caf::replies_to<watch_page>::with<answer>,
  caf::replies_to<ask_watched>::with<answer>,
  // From the browser: the target is attached and paused; answers once it is
  // set up and runs.
  caf::replies_to<tab_attached>::with<void>,
  // From the browser: the target is lost. Every command under way is answered.
  caf::reacts_to<tab_gone>,
  // From the browser: a message of this tab's attachment.
  caf::reacts_to<cdp::frame_ptr>,
  // From the browser: the lease is over. No command passes after this.
  caf::reacts_to<tab_closed>,
  // From the browser, which has routed away the tab's attachment: answers with
  // what has to be cleaned, or `tab.lost`.
  caf::replies_to<get_traces>::with<cdp::page_traces>>;

/// A lease, and who drives its tab: for the daemon's own use.
struct opened_lease {
  grant lease;
  tab_actor tab;
};

/// Decides who may have a tab now. Every acquire of every door comes here.
using admission_actor = caf::typed_actor<
  // Answers with a berth, now or when its turn comes, or with
  // `provider.capacity`, `admission.queue_full`, `ticket.expired`, ...
  caf::replies_to<acquire>::with<opened_lease>,
  // Answers when the ticket is void, or `ticket.unknown`.
  caf::replies_to<cancel_ticket>::with<void>,
  // From the registry: the slot's tab is gone.
  caf::reacts_to<return_slot>,
  // From a browser: how many tabs there are beside those of slots.
  caf::reacts_to<note_extra_tabs>,
  // From the fleet.
  caf::reacts_to<note_standing>, caf::reacts_to<forget_browser>,
  // The client is gone: its tickets end.
  caf::reacts_to<drop_client>,
  // From whoever could give its tab away: answers once somebody waits whom
  // that would serve. An older offer of the same holder is void.
  caf::replies_to<offer_slot>::with<void>,
  caf::replies_to<get_queue>::with<queue_view>>;

/// Admission found room for this lease.
struct open_lease {
  grant_lease what;
  admission_actor admission; ///< Gets the slot back, once.
};

/// Admission knows the slots of the leases that live on: have their tabs.
struct revive_leases {
  admission_actor admission; ///< Gets the slots back, once each.
};

/// The only writer of leases.
using lease_registry_actor = caf::typed_actor<
  // From admission, first of all. Who joins is answered after that.
  caf::reacts_to<revive_leases>,
  // This client is here. Answered before it may be granted anything, with
  // what it holds from before.
  caf::replies_to<join_client>::with<std::vector<opened_lease>>,
  // The client is gone: what it holds ends now, or after its grace.
  caf::reacts_to<drop_client>,
  // From admission: row, tab, binding; each durable before the next.
  caf::replies_to<open_lease>::with<opened_lease>,
  // From a tab that was recovered: answers once the new target is durable.
  caf::replies_to<bind_lease>::with<void>,
  // Answers with how long it lives from now, or `lease.stale_token`.
  caf::replies_to<renew_lease>::with<duration>,
  // Answers once the tab is gone and the slot is free.
  caf::replies_to<release_lease>::with<void>,
  caf::replies_to<revoke_lease>::with<void>,
  // From whoever ends a browser next. Answers at once.
  caf::replies_to<end_leases>::with<void>,
  // From a tab: its holder gave a command not long ago.
  caf::reacts_to<note_activity>,
  // From a tab: what `get_leases` tells of it.
  caf::reacts_to<note_tab>,
  // Which actor drives the lease's tab, if the token is in force.
  caf::replies_to<find_tab>::with<opened_lease>,
  caf::replies_to<get_leases>::with<lease_list>>;

/// A lease needs its tab: a new one, or the one that it names, which it had
/// before the crew began.
struct open_tab {
  protocol::lease lease;
  lease_registry_actor registry; ///< Whom the tab tells of its binding.
};

struct opened_tab {
  tab_actor tab;
  target_id target;
};

/// Who drove the lease's tab has failed: have another one drive it, attached
/// anew.
struct drive_tab {
  protocol::lease lease;
  lease_registry_actor registry;
};

/// Tell me how many tabs there are beside those of slots, now and whenever
/// that changes.
struct watch_tabs {
  admission_actor whom;
  lease_registry_actor registry; ///< Who ends leases.
};

/// One Chrome. Owns the only connection that discovers and auto-attaches.
using browser_actor = caf::typed_actor<
  // Makes a tab for the lease. Answers once it can be driven.
  caf::replies_to<open_tab>::with<opened_tab>,
  // From the registry. Answers once the tab can be driven, or is known as lost.
  caf::replies_to<drive_tab>::with<opened_tab>,
  // Answers once the lease's tabs and its context are gone. Never fails.
  caf::replies_to<close_tabs>::with<void>,
  // From a tab that was lost: makes one new target for the same lease and
  // sends it `tab_attached`. Answers with it.
  caf::replies_to<recreate_tab>::with<target_id>,
  // Which actor drives this target, if it belongs to the lease.
  caf::replies_to<find_popup>::with<tab_actor>,
  // From a tab: did Chrome forget this target? Answers with true if it lives.
  caf::replies_to<ask_alive>::with<bool>, caf::reacts_to<watch_tabs>,
  // From a tab: where the lease's downloads go.
  caf::reacts_to<note_downloads>,
  // From a tab: its page asked for a new tab or window.
  caf::reacts_to<opener_hint>,
  // From the reaper: pages that belong to nobody, to be looked at twice.
  caf::replies_to<get_orphans>::with<std::vector<target_id>>,
  // From the reaper: closes it, if it still belongs to nobody.
  caf::reacts_to<close_orphan>,
  caf::replies_to<get_browser>::with<browser_view>,
  // Answers once it is ready, or with why it is not, in time.
  caf::replies_to<await_browser>::with<browser_view>,
  // Answers once the next Chrome is ready, or with why it is not, in time.
  caf::replies_to<restart_chrome>::with<browser_view>,
  // Ends Chrome (a managed one), then itself. Answers when it is gone.
  caf::replies_to<stop_browser>::with<void>>;

/// All browsers. What is about one lease goes on to the one where it is.
using fleet_actor
  = caf::typed_actor<caf::replies_to<open_tab>::with<opened_tab>,
                     caf::replies_to<drive_tab>::with<opened_tab>,
                     caf::replies_to<close_tabs>::with<void>,
                     caf::replies_to<find_popup>::with<tab_actor>,
                     caf::reacts_to<watch_tabs>,
                     // From a browser.
                     caf::reacts_to<note_browser>,
                     caf::replies_to<get_browsers>::with<browser_list>,
                     // Answers once one is ready, or with why none is, in time.
                     caf::replies_to<await_browser>::with<browser_view>,
                     caf::replies_to<change_browser>::with<browser_view>,
                     caf::replies_to<add_browser>::with<browser_view>,
                     // Ends all of them, then itself.
                     caf::replies_to<stop_browser>::with<void>>;

/// Knows how this daemon is, and whether it still owns its state directory.
using steward_actor
  = caf::typed_actor<caf::replies_to<get_health>::with<owner_health>,
                     // Asks Chrome once more. If the answer is `stopping`, the
                     // daemon ends.
                     caf::replies_to<step_down>::with<owner_health>,
                     // The daemon was told to end, and does.
                     caf::reacts_to<wind_down>>;

/// The session of a page side: what was seen in the page.
using page_listener_actor
  = caf::typed_actor<caf::reacts_to<page_report>, caf::reacts_to<line_left>>;

/// The page side of one session: gets a tab when a run begins, sends prompts,
/// looks at answers, and gives the tab away. Whatever comes of an act is told
/// to the session as a `page_report`, never as an answer.
using page_actor
  = caf::typed_actor<caf::reacts_to<begin_run>, caf::reacts_to<halt_run>,
                     caf::reacts_to<recover_tab_of>,
                     caf::reacts_to<confirm_prompt>, caf::reacts_to<follow_run>,
                     caf::reacts_to<join_line>, caf::reacts_to<leave_line>,
                     caf::reacts_to<discard_tab>, caf::reacts_to<leave_tab>>;

/// Makes the page side of a session, which is to hear what it sees.
using page_factory
  = std::function<page_actor(const page_listener_actor&, session_id)>;

/// One conversation. Its runs, and all calls that wait for them.
using session_actor = page_listener_actor::extend<
  caf::replies_to<send_prompt>::with<run_view>,
  caf::replies_to<poll_run>::with<run_view>,
  caf::replies_to<stop_run>::with<run_view>,
  caf::replies_to<switch_provider>::with<session_view>,
  caf::replies_to<reattach_session>::with<session_view>,
  caf::replies_to<close_session>::with<session_view>,
  caf::replies_to<show_session>::with<session_view>,
  // The client is gone: its calls end, its runs do not.
  caf::reacts_to<drop_client>>;

/// This watcher is to hear of the session, too. Zero: the only one there is.
struct follow_session {
  watcher_actor watcher;
  session_id session;
};

/// Knows which sessions are open, and passes requests on to them.
using session_registry_actor
  = session_service::extend<caf::replies_to<follow_session>::with<session_view>,
                            caf::reacts_to<drop_client>,
                            caf::reacts_to<session_over>>;

/// Looks for what nobody owns, and has it closed.
using reaper_actor = caf::typed_actor<caf::reacts_to<sweep>>;

/// Who serves at present: replaced as a whole when one of them dies.
struct crew {
  recorder_actor recorder;
  fleet_actor fleet;
  lease_registry_actor registry;
  admission_actor admission;
  session_registry_actor sessions;
  uint64_t epoch = 0;
};

/// The root supervisor.
using harbour_actor = caf::typed_actor<
  // Who serves now: the gateway asks for every new client.
  caf::replies_to<get_crew>::with<crew>,
  // From whoever watches over the crew: it is of no use, and this is why.
  caf::reacts_to<replace_crew>,
  // No new clients from now on. Answers when runs have ended, or in time.
  caf::replies_to<await_calm>::with<void>,
  // From the fleet: which browsers it has, and the next crew is to have.
  caf::reacts_to<roster>,
  // No new clients, no new leases; tabs closed, Chrome ended. Answers then.
  caf::replies_to<stop_harbour>::with<void>>;

} // namespace berth::actors

#include "actors/type_ids.hpp"

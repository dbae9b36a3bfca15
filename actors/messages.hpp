// What actors of one daemon say to each other, beyond the requests of clients.
// Nothing here crosses a wire, but for `hello` and its like in interfaces.hpp.

#pragma once

#include "actors/cdp_calls.hpp"
#include "cdp/chrome.hpp"
#include "cdp/page_traces.hpp"
#include "protocol/command.hpp"
#include "protocol/journal.hpp"
#include "protocol/request.hpp"
#include "protocol/target.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/meta/type_name.hpp>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace berth::actors {

/// Write these down, in this order, and the rows that come with them.
struct record {
  protocol::events what;
  protocol::journal_rows rows = {};
  bool rated = false; ///< A recorder before this one has had its say.
};

/// Every lease is over, of one browser or of all.
struct end_leases {
  protocol::browser_name of = {};
};

struct get_recent {
  uint64_t most = 100;
};

/// The lease's target is attached, paused before its first script, and its
/// messages are routed to the tab already.
struct tab_attached {
  std::shared_ptr<cdp::chrome> link;
  call_ids ids;
  protocol::target_id target;
  protocol::attachment_id attachment;
  std::string url; ///< What it shows, if it is from an earlier epoch.
};

struct tab_gone {
  protocol::target_id target; ///< Another than the present one: too late.
  protocol::loss_cause cause{};
};

/// The lease is over: the tab answers what is under way, and ends.
struct tab_closed {
  protocol::failure why;
};

/// What the script told: text that a page may have had a hand in.
struct page_stirred {
  std::string told;
};

struct page_lost {
  protocol::lease_ref lease;
  protocol::failure why; ///< `tab.lost`, or why the lease is over.
};

/// Runs JavaScript where the script of `watch_page` runs, in the main frame,
/// and waits for its promise. Answers with the result as JSON text.
struct ask_watched {
  protocol::addressee to;
  std::string expression;
};

/// What did the lease's pages leave in the tab?
struct get_traces {};

/// The slot's tab is gone, or was never made.
struct return_slot {
  protocol::slot_id slot;
};

struct note_extra_tabs {
  protocol::browser_name where;
  uint64_t count = 0;
};

struct join_client {
  protocol::client_id client;
  std::string name;
  int64_t pid = 0; ///< Of its process; 0: not known.
};

struct drop_client {
  protocol::client_id client;
  bool said_goodbye = false; ///< It does not come back: no grace.
};

/// The holder of a slot of this key could do without it.
struct offer_slot {
  protocol::client_id client;
  protocol::work_key key;
  protocol::browser_name where;
};

struct get_queue {};

/// Can it be written down what happens?
struct get_journal {};

/// Admission to one browser.
struct browser_load {
  protocol::browser_name name;
  uint64_t slots = 0;
  uint64_t slots_max = 0;
  uint64_t tabs_max = 0;
  uint64_t waiting = 0;
};

struct queue_view {
  uint64_t active = 0;
  std::vector<browser_load> browsers;
  std::vector<protocol::key_view> keys;
  std::vector<protocol::ticket_view> tickets;
};

/// The holder of this lease gave a command `ago`.
struct note_activity {
  protocol::lease_ref lease;
  protocol::duration ago{};
};

struct find_tab {
  protocol::lease_ref lease;
};

/// The tab of this lease is lost, or is there again.
struct note_tab {
  protocol::lease_ref lease;
  bool lost = false;
};

struct get_leases {};

struct lease_list {
  std::vector<protocol::lease_view> leases;
  uint64_t clients = 0; ///< How many are connected.
};

/// The lease is over: close its pages, dispose its context.
struct close_tabs {
  protocol::lease_id lease;
};

struct recreate_tab {
  protocol::lease_id lease;
};

struct find_popup {
  protocol::lease_id lease;
  protocol::target_id target;
};

struct ask_alive {
  protocol::target_id target;
};

struct note_downloads {
  protocol::lease_id lease;
  std::string path;
};

struct get_orphans {};

struct close_orphan {
  protocol::target_id target;
};

struct get_browser {};
struct get_browsers {};

/// All of them, in the order of the configuration.
struct browser_list {
  std::vector<protocol::browser_view> browsers;
};

/// Ends its Chrome, and starts another one.
struct restart_chrome {};

/// It is in another state.
struct note_browser {
  protocol::browser_view now;
};

/// This browser is there, and how it is.
struct note_standing {
  protocol::browser_settings how;
  protocol::browser_standing now;
};

/// It is not there any more.
struct forget_browser {
  protocol::browser_name which;
};

/// Which browsers the next crew is to have.
struct roster {
  std::vector<protocol::browser_settings> browsers;
  std::set<protocol::browser_name> draining;
};

/// Answer once the browser is ready.
struct await_browser {
  protocol::duration within{};
};

struct stop_browser {};
struct watch_all {};
struct goodbye {};
struct sweep {};
struct get_crew {};

/// Why the crew is of no use any more.
struct replace_crew {
  protocol::failure why;
};

struct open_door {};
struct replace_door {};

/// To itself.
struct retry_door {
  size_t tries = 0;
};

/// The daemon is about to end: no new work.
struct wind_down {};

/// Answer once no run is under way, or it takes too long.
struct await_calm {
  protocol::duration within{};
};

struct stop_harbour {
  bool in_order = true; ///< False: whoever serves next finds all as it is.
};

template <class Inspector>
auto inspect(Inspector& f, watch_all&) {
  return f(caf::meta::type_name("watch_all"));
}

template <class Inspector>
auto inspect(Inspector& f, get_recent& x) {
  return f(caf::meta::type_name("get_recent"), x.most);
}

template <class Inspector>
auto inspect(Inspector& f, goodbye&) {
  return f(caf::meta::type_name("goodbye"));
}

} // namespace berth::actors

// -- what stays within the daemon: CAF would send these as nothing at all

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::record)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::tab_attached)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::end_leases)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::tab_gone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::tab_closed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_traces)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::cdp::page_traces)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::return_slot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::note_extra_tabs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::join_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::drop_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::offer_slot)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_queue)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_journal)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::queue_view)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::note_activity)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::note_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::find_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_leases)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::lease_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::close_tabs)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::recreate_tab)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::find_popup)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::ask_alive)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::note_downloads)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_orphans)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::close_orphan)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_browser)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_browsers)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::restart_chrome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::note_browser)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::note_standing)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::forget_browser)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::roster)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::browser_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::await_browser)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::stop_browser)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::sweep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::get_crew)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::replace_crew)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::open_door)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::replace_door)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::retry_door)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::wind_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::await_calm)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::stop_harbour)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::cdp::frame_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::page_stirred)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::page_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::ask_watched)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::bind_lease)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::protocol::opener_hint)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<berth::protocol::target_id>)

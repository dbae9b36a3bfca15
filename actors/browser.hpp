#pragma once

#include "actors/alarm.hpp"
#include "actors/browser_downloads.hpp"
#include "actors/cdp_calls.hpp"
#include "actors/interfaces.hpp"
#include "actors/tab_cleaning.hpp"
#include "cdp/page_traces.hpp"
#include "protocol/attached_pages.hpp"
#include "protocol/browser_care.hpp"
#include "protocol/browser_pulse.hpp"
#include "protocol/closing_tabs.hpp"
#include "protocol/config.hpp"
#include "protocol/parked_pool.hpp"
#include "protocol/target_table.hpp"

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth::actors {

struct browser_start {
  cdp::chrome_factory make_chrome;
  config how;
  recorder_actor recorder;
  std::string downloads; ///< Where Chrome puts files until they are claimed.
  std::vector<protocol::lease> kept = {}; ///< Whose tabs may be there still.
  std::vector<target_id> astray = {};     ///< Tabs of leases that are over.
  fleet_actor fleet = {};                 ///< Hears how it is.
};

// -- what Chrome's transport tells; `run` counts Chromes, so that the last
//    words of a dead one are not taken for those of the next.

struct chrome_up {
  uint64_t run = 0;
  cdp::chrome_started what;
};

struct chrome_down {
  uint64_t run = 0;
  cdp::chrome_ended what;
};

struct chrome_said {
  uint64_t run = 0;
  cdp::frame_ptr what;
};

/// The browser as it sees itself.
using browser_shell = browser_actor::extend<
  caf::reacts_to<chrome_up>, caf::reacts_to<chrome_down>,
  caf::reacts_to<chrome_said>, caf::reacts_to<wake_atom>>;

/// The hub: the one connection that discovers targets and attaches to them,
/// and so knows every tab before its first request. Which target is whose the
/// target table decides; when to start Chrome again, the care. The rest is
/// plumbing: browser.cpp has the life of Chrome, browser_renewal.cpp what
/// follows it, browser_pulse.cpp whether it is of use, browser_hub.cpp what
/// Chrome tells, browser_tabs.cpp the making and closing of tabs,
/// browser_drivers.cpp who drives them,
/// browser_files.cpp where files go, browser_kept.cpp those of the crew before,
/// browser_parked.cpp those that are kept for the next lease.
struct browser_state {
  static constexpr const char* name = "browser";

  using pointer = browser_shell::stateful_pointer<browser_state>;
  using seen = std::optional<failure>;

  explicit browser_state(pointer x) : self{x} {
    // nop
  }

  /// Lets Chrome go, with what is in it.
  ~browser_state();

  // -- browser.cpp ------------------------------------------------------------

  void launch();
  void started(const cdp::chrome_started& x);
  void ended(const cdp::chrome_ended& x);
  void ready();
  void wake();
  void arm();
  caf::result<void> stop();
  void leave();
  bool attached_mode() const;

  /// Attached, not lost, and some lease's.
  std::vector<target_id> owned_pages() const;

  /// Runs `then` once Chrome is ready, or with the reason why it is not by
  /// `deadline`.
  void when_ready(timestamp deadline, std::function<void(seen)> then);

  void call(std::string_view method, const std::string& params,
            cdp_calls::continuation then, std::string_view session = {});

  /// A create that is answered late has made a tab all the same: its answer is
  /// waited for as long as anybody could.
  void call_create(const std::string& params, cdp_calls::continuation then);
  void journal(event what);
  timestamp now() const;
  caf::result<tab_actor> find(const find_popup& x) const;
  caf::result<browser_view> await(duration within);

  // -- browser_renewal.cpp ----------------------------------------------------

  void enter(browser_health what);
  void succeed(cdp::chrome_end why);
  void change_profile(browser_care::profile_step how);
  failure unready() const;
  void renew(const std::string& why);
  caf::result<browser_view> restart();
  bool is_idle() const;
  void recycle_if_worn();
  browser_view look() const;

  // -- browser_pulse.cpp ------------------------------------------------------

  bool is_used() const;
  void feel_pulse();
  void spoke();
  void give_up(const std::string& why);
  void tab_crashed_at_once();
  void answer_those_too_late();

  // -- browser_hub.cpp --------------------------------------------------------

  void hear(const cdp::frame_ptr& frame);
  void attached(const cdp::frame_ptr& frame);
  void carry_out(const target_events& what);
  void resume(const std::string& session);
  void resume_page(const target_id& page);
  void lost(const target_id& target, loss_cause cause);
  void gone(const target_id& target);
  void count_tabs();

  // -- browser_tabs.cpp -------------------------------------------------------

  /// What the browser does for one lease.
  struct berth {
    protocol::lease lease;
    lease_registry_actor registry;
    tab_actor tab;          ///< The one that was asked for; lives as long.
    context_id context;     ///< Its own one; empty: the default one.
    target_id target;       ///< The present one; empty while it is made.
    bool making = false;    ///< Chrome was asked for a context or a target.
    uint64_t attempts = 0;  ///< To recreate it: only the last one counts.
    bool attaching = false; ///< The tab was told of its target.
    bool adopting = false;  ///< Its target is of an earlier crew, and unseen.
    bool closing = false;
    bool fresh = false;   ///< No crew but this one had it: may be parked.
    bool reused = false;  ///< Its target was parked, and is not attached yet.
    bool again = false;   ///< Another drove its target before.
    bool resumed = false; ///< Was attached to a page that had been driven.
    cdp::page_traces traces; ///< Of frames that have processes of their own.
    std::string downloads;   ///< Empty: refused.
    timestamp made_by;       ///< Then whoever waits for its target is told.
    caf::typed_response_promise<opened_tab> opened;
    caf::typed_response_promise<target_id> recreated;
    caf::response_promise closed;

    /// Chrome made its target, but has not shown it: no call and no tab is
    /// there that would hear of its end.
    bool made_unseen() const {
      return target && !attaching;
    }

    /// Somebody is to be told of a target that Chrome owes: its answer, or the
    /// sight of it.
    bool waits_for_chrome() const {
      return (making || made_unseen())
             && (opened.pending() || recreated.pending());
    }
  };

  caf::result<opened_tab> open(const open_tab& x);
  caf::result<target_id> recreate(lease_id which);
  caf::result<void> close(lease_id which);
  void make_context(lease_id which);
  void make_target(lease_id which);
  void make_sure_of(const target_id& made);
  void attach(berth& whom);
  std::string address_of(const target_id& target) const;
  caf::result<opened_tab> drive(const drive_tab& x);
  void drive_lost(berth& whom, loss_cause why = loss_cause::none);
  void not_resumed(berth& whom, const failure& why);
  bool drives(const tab_actor& tab, lease_id which) const;
  void settled(lease_id which);
  void not_set_up(lease_id which, const failure& why);
  void not_made(lease_id which, const failure& why);
  void close_pages(berth& whom);
  void close_target(const target_id& target);
  void ask_to_close(const target_id& target);
  void orphaned(const target_id& target);
  void closed(lease_id which);
  void adopt_popup(const target_id& target, lease_id which);
  void lost_driver(const caf::actor_addr& whom);
  caf::result<bool> ask(const ask_alive& x);

  // -- browser_files.cpp ------------------------------------------------------

  void accept_downloads(const context_id& context);
  void restore_downloads(berth& whom) const;
  void download_begins(const nlohmann::json& what);
  browser_downloads::host downloads_host();
  std::optional<browser_downloads::holder>
  downloads_holder(lease_id which) const;

  // -- browser_kept.cpp -------------------------------------------------------

  void claim_kept();
  void find_crashed(const std::function<void()>& then);
  void probe(const target_id& target, const std::function<void()>& then);
  void probe_heard(const cdp::frame_ptr& frame);
  void adopt(lease_id which);
  void adopted_none(berth& whom, loss_cause why = loss_cause::browser_gone);
  void adopted_dead(berth& whom);
  bool is_left_over(const target_id& page);

  // -- browser_parked.cpp -----------------------------------------------------

  bool may_reuse(const berth& whom) const;
  bool park(berth& whom);
  tab_cleaning::host cleaning_host();
  void cleaned(const target_id& target, lease_id which);
  void note_frame(const nlohmann::json& info);
  void drop_session(const target_id& target);
  bool reuse(lease_id which);
  void not_reused(berth& whom);
  bool make_room(lease_id which);
  void room_made(const target_id& by);
  void unparked(const target_id& target, const char* why);
  void close_parked(const target_id& target, const char* why);
  void spoilt(const target_id& target, const char* why);
  void parked_gone(const target_id& target);

  // -- state ------------------------------------------------------------------

  struct waiting {
    timestamp deadline;
    std::function<void(seen)> then;
  };

  pointer self;
  browser_start with;
  browser_view view;
  uint64_t run = 0;
  std::shared_ptr<cdp::chrome> link;
  cdp_calls calls;
  target_table targets;
  browser_care care;
  browser_pulse pulse;
  std::string given_up;      ///< Why Chrome is ended, though it runs.
  std::string profile_aside; ///< Where it is, if it was set aside.
  timestamp since;           ///< When it entered its present state.
  std::optional<timestamp> next_launch;
  bool stopping = false;             ///< We asked for the end.
  bool renewing = false;             ///< And for another one after it.
  bool survivor = false;             ///< A Chrome of ours that ran before us.
  target_id anchor;                  ///< Its page that is nobody's.
  std::optional<timestamp> leave_by; ///< Tabs are closed before we go.
  std::vector<target_id> leftovers;  ///< Ours, in a Chrome that we lost.
  std::vector<waiting> waiters;
  std::map<lease_id, berth> berths;
  attached_pages pages; ///< And not yet lost.
  std::map<target_id, tab_actor> popups;
  std::map<target_id, std::string> probes; ///< Of kept tabs, by session.
  std::set<target_id> crashed;             ///< Before they had an owner.
  parked_pool parked;
  tab_cleaning cleaning;
  std::map<target_id, lease_id> ousted; ///< Who waits for their places.
  closing_tabs closing;
  browser_downloads downloads;
  admission_actor admission;
  uint64_t extra_told = 0;
  std::vector<caf::response_promise> stopped; ///< Who waits for our end.
  class alarm alarm;
};

browser_shell::behavior_type
browser(browser_shell::stateful_pointer<browser_state> self,
        const browser_start& with);

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::chrome_up)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::chrome_down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::chrome_said)

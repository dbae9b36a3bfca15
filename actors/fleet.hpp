#pragma once

#include "actors/interfaces.hpp"
#include "cdp/chrome.hpp"
#include "protocol/config.hpp"
#include "protocol/outcome.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace berth::actors {

/// How one browser's Chromes are made; fails if there is no program for it.
using chrome_maker
  = std::function<outcome<cdp::chrome_factory>(const browser_settings&)>;

/// The same for every browser.
chrome_maker always(cdp::chrome_factory x);

/// Reads the settings of all configured browsers anew.
using browser_source = std::function<outcome<std::vector<browser_settings>>()>;

struct fleet_start {
  chrome_maker make_chrome;
  config how;
  recorder_actor recorder;
  harbour_actor harbour; ///< Keeps the roster when this one falls.
  roster who;
  std::string downloads; ///< Each browser has a directory below it.
  std::vector<protocol::lease> kept = {};
  std::vector<stray_tab> astray = {};
  browser_source configured = {}; ///< None: as they were at the start.
};

/// Watches over the browsers, each with a reaper of its own. One whose Chrome
/// cannot be had rests, and is nobody else's trouble; only when that is so of
/// all of them the fleet ends, and says of each why. An accident of a browser's
/// own actor is one of the crew.
struct fleet_state {
  static constexpr const char* name = "fleet";

  struct member {
    browser_settings how;
    browser_actor browser;
    reaper_actor reaper;
    browser_view seen; ///< As it last told.
    bool draining = false;
    bool leaving = false;  ///< It is removed as soon as it has ended.
    bool on_trial = false; ///< It was added, and is removed if it never starts.
  };

  ~fleet_state();

  fleet_start with;
  std::vector<member> members; ///< In the order of the configuration.
  std::map<lease_id, browser_name> homes; ///< Of all that were opened.
  admission_actor admission;
  lease_registry_actor registry;
  /// Who wants one that is ready: to be answered before we end.
  std::vector<caf::typed_response_promise<browser_view>> awaiting;
  /// Who wants the tab of a kept lease, in a browser that is not configured any
  /// more: answered when one is ready. A start that fails ends no lease.
  std::vector<std::pair<browser_name, caf::typed_response_promise<opened_tab>>>
    homeless;
  bool stopping = false;
};

using fleet_shell = fleet_actor;

fleet_shell::behavior_type
fleet(fleet_shell::stateful_pointer<fleet_state> self, const fleet_start& with);

} // namespace berth::actors

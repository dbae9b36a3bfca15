#pragma once

#include "actors/alarm.hpp"
#include "actors/fleet.hpp"
#include "actors/recaller.hpp"
#include "protocol/config.hpp"
#include "protocol/restart_budget.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace berth::actors {

struct harbour_start {
  config how;
  chrome_maker make_chrome;
  std::string downloads; ///< Each browser has a directory of its own in it.
  /// Begins a new epoch, which is durable then, and tells what lives on of the
  /// last crew's. Nobody is served meanwhile, so it may wait for the disk.
  std::function<outcome<succession>()> next_epoch;
  /// Makes the recorder of a crew; none: one that remembers, and no more.
  std::function<recorder_actor()> make_recorder = {};
  /// Makes the page side of a session, for this crew. Not asked as long as no
  /// provider is known.
  std::function<page_actor(const crew&, const page_listener_actor&, session_id)>
    make_page = {};
  /// What is durable of a session; it may wait for the disk.
  session_recall recall = {};
  browser_source configured = {};
};

/// The root supervisor. Its crew knows each other by handles, so it is replaced
/// as a whole: when one of them dies by accident, all of them end, and a new
/// crew starts under a new epoch, with the leases and the sessions that the old
/// one has written down.
/// When the restart budget is spent, or the first crew cannot have Chrome any
/// more, the harbour ends with the reason.
struct harbour_state {
  /// Somebody waits for the end of all runs.
  struct awaited_calm {
    caf::response_promise answer;
    timestamp deadline;
  };

  static constexpr const char* name = "harbour";

  harbour_start with;
  crew serving;
  roster browsers; ///< Of the present crew, or the next one.
  watcher_actor log;
  restart_budget budget;
  size_t crews = 0;               ///< How many there were.
  bool draining = false;          ///< No new clients.
  std::vector<awaited_calm> calm; ///< Looked for as long as one waits.
  bool stopping = false;
  std::vector<caf::response_promise> stopped; ///< Told once all has ended.
};

using harbour_shell = harbour_actor::extend<caf::reacts_to<wake_atom>>;

harbour_shell::behavior_type
harbour(harbour_shell::stateful_pointer<harbour_state> self,
        const harbour_start& with);

} // namespace berth::actors

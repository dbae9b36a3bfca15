#pragma once

#include "actors/alarm.hpp"
#include "actors/cdp_calls.hpp"
#include "actors/interfaces.hpp"
#include "protocol/config.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace berth::actors {

struct tab_start {
  protocol::lease lease;
  bool popup = false; ///< Not the lease's own tab: cannot be recovered.
  config how;
  recorder_actor recorder;
  lease_registry_actor registry;
  browser_actor browser;
};

using tab_shell = tab_actor::extend<caf::reacts_to<wake_atom>>;

/// The only sender to one tab. Every command shows its token here, counts
/// against the limits, has a deadline, and is answered exactly once: with what
/// it brought back, at its deadline, when the tab is lost, or when the lease is
/// over. tab.cpp has that; tab_life.cpp how it is lost and comes back;
/// tab_commands.cpp and tab_input.cpp what each
/// command does in Chrome; tab_watch.cpp the script that watches its page;
/// tab_frames.cpp the same in frames that have processes of their own;
/// tab_events.cpp what Chrome tells of the page.
struct tab_state {
  static constexpr const char* name = "tab";

  using pointer = tab_shell::stateful_pointer<tab_state>;

  /// One command under way.
  struct operation {
    caf::typed_response_promise<answer> promise;
    timestamp deadline;
    uint64_t number = 0;
  };

  using operation_ptr = std::shared_ptr<operation>;
  using then_result = std::function<void(std::string_view result)>;

  /// The script that watches the page, and how much it told lately.
  struct watch {
    std::string script;
    page_watcher_actor watcher;
    std::string installed; ///< Chrome's name for it; empty: not there yet.
    timestamp since;
    size_t told = 0;
  };

  /// A frame of another site: in a process, and so in a session, of its own.
  struct site_frame {
    std::string parent; ///< The session of the frame that it is in.
    target_id id;       ///< Also its frame's.
    bool asked = false; ///< What it shows is on its way.
    bool again = false; ///< And is something else by now.
  };

  /// A navigation that waits for the page to get so far.
  struct arrival {
    operation_ptr whose;
    std::string loader;
    std::string stage;
    std::string value; ///< What to answer; empty: the address.
    /// When to answer though the page did not get so far.
    std::optional<timestamp> patience = std::nullopt;
  };

  explicit tab_state(pointer x) : self{x} {
    // nop
  }

  /// Before its time, it tells whoever waits.
  ~tab_state();

  // -- tab.cpp ----------------------------------------------------------------

  /// Checks the token and the limits. Null: the promise was answered.
  operation_ptr begin(const addressee& to, size_t bytes = 0);
  void finish(const operation_ptr& x, std::string value);
  void finish(const operation_ptr& x, failure why);
  void finish_all(const failure& why);
  bool over(const operation_ptr& x) const;
  duration left(const operation_ptr& x) const;
  duration report_period() const;

  caf::result<void> attached(const tab_attached& x);
  void gone(const tab_gone& x);
  void close(const tab_closed& x);
  caf::result<answer> recover(const recover_tab& x);
  void recovered(const target_id& made);
  void go_back(const std::vector<operation_ptr>& waiting);
  void not_recovered(const failure& why);
  void probe(bool second_try);
  void wake();
  void arm();
  failure loss() const;
  timestamp now() const;
  event told(event_kind kind, std::string detail) const;
  void journal(event_kind kind, std::string detail);

  // -- tab_commands.cpp -------------------------------------------------------

  /// Calls Chrome for this command; its failure ends the command.
  void call(const operation_ptr& x, std::string_view method,
            const std::string& params, then_result then);

  void run(const navigate& x, const operation_ptr& whose);
  void run(const evaluate& x, const operation_ptr& whose);
  void run(const screenshot& x, const operation_ptr& whose);
  void run(const snapshot& x, const operation_ptr& whose);
  void run(const set_download_directory& x, const operation_ptr& whose);
  void keep_downloads(const std::string& path, const operation_ptr& whose);
  void run(const call_cdp& x, const operation_ptr& whose);
  void run(const describe_tab& x, const operation_ptr& whose);

  // -- tab_input.cpp ----------------------------------------------------------

  /// Runs one of our scripts; again if the page goes away under it. `then`
  /// gets its `{ok: true, ...}`.
  void ask_page(const operation_ptr& x, std::function<std::string()> script,
                then_result then);

  /// The world of our scripts in this page; `-1`: the page went away.
  void find_world(const operation_ptr& x, std::function<void(int64_t)> then);
  void wait_until_true(const std::string& expression, timestamp until,
                       const operation_ptr& whose);

  void run(const click& x, const operation_ptr& whose);
  void run(const type_text& x, const operation_ptr& whose);
  void run(const wait_for& x, const operation_ptr& whose);
  void run(const upload& x, const operation_ptr& whose);

  // -- tab_watch.cpp ----------------------------------------------------------

  void run(const watch_page& x, const operation_ptr& whose);
  void run(const ask_watched& x, const operation_ptr& whose);

  /// Puts the script in place; `then` runs once it is there.
  void install(duration within, cdp_calls::continuation then);
  void install_at(const std::string& session, timestamp deadline,
                  cdp_calls::continuation then);
  bool may_tell(const cdp::frame_ptr& frame);
  void script_told(const cdp::frame_ptr& frame);
  void tell_watcher(const failure& why);

  // -- tab_frames.cpp ---------------------------------------------------------

  using then_read = std::function<void(const nlohmann::json& result)>;

  void frame_attached(const cdp::frame_ptr& frame);
  void frame_detached(const cdp::frame_ptr& frame);
  void hear_frame(const cdp::frame_ptr& frame);
  void ask_frame(const std::string& session);
  void frame_answered(const std::string& session);
  void hand_in(const std::string& session, const nlohmann::json& part);
  void read(const std::string& session, std::string_view method,
            const nlohmann::json& params, std::function<void()> fails,
            then_read then);
  void in_world(const std::string& session, const target_id& frame,
                std::function<void()> fails,
                std::function<void(int64_t world)> then);
  void forget_frames();

  // -- tab_events.cpp ---------------------------------------------------------

  void hear(const cdp::frame_ptr& frame);
  void page_reached(const cdp::frame_ptr& frame);
  void reach(const std::string& document, std::string stage);
  void page_moved(const cdp::frame_ptr& frame);
  void note_address();
  void note_whether_lost();
  void write_address();
  void dialog_opened(const cdp::frame_ptr& frame);
  void check_arrivals();
  void arrive_late();

  // -- state ------------------------------------------------------------------

  pointer self;
  tab_start with;
  target_id target;
  attachment_id attachment;
  uint64_t generation = 0;
  cdp_calls calls;
  std::map<uint64_t, operation_ptr> under_way;
  uint64_t last_number = 0;

  std::string url = "about:blank";
  std::string written_url;              ///< As the journal has it.
  std::optional<timestamp> address_due; ///< When to write it down.
  timestamp address_written;            ///< Last.
  std::string loader;                   ///< Of the document in the main frame.
  std::set<std::string> reached;        ///< Its lifecycle so far.
  std::deque<std::string> past_loaders;
  std::vector<arrival> arrivals;

  std::optional<watch> watched;
  std::map<std::string, site_frame> frames; ///< By session, while watched.
  cdp::page_traces traces;                  ///< Of all that it has shown.

  loss_cause lost = loss_cause::none;
  bool probing = false;
  bool restoring = false;       ///< A new tab is being made.
  uint64_t recoveries = 0;      ///< Begun so far: a late answer is to an older.
  bool missed_deadline = false; ///< Chrome has said nothing.
  failure closed;               ///< Its code is not ok once it is over.
  std::vector<operation_ptr> recovering;

  timestamp last_command;          ///< When the holder was last heard from.
  std::optional<timestamp> report; ///< When to tell the registry of it.
  std::optional<timestamp> end;    ///< When this actor ends.
  class alarm alarm;
};

tab_shell::behavior_type
tab(tab_shell::stateful_pointer<tab_state> self, const tab_start& with);

} // namespace berth::actors

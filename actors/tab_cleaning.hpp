#pragma once

#include "actors/cdp_calls.hpp"
#include "cdp/page_traces.hpp"

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

namespace berth::actors {

/// Cleans tabs of one Chrome that were released, so that another lease may have
/// them. The last holder's attachment goes, and with it all that was set or
/// installed through it; then documents without scripts take the place of every
/// page that the tab showed, and clear what it stored; then it is blank,
/// without a past.
///
/// Invariants: each that was begun ends once, as cleaned or failed, unless it
/// is forgotten; meanwhile nothing that the tab asks for is let out.
class tab_cleaning {
public:
  using target_id = protocol::target_id;
  using lease_id = protocol::lease_id;

  /// Whom this works for.
  struct host {
    std::function<protocol::timestamp()> now;
    std::function<void()> arm; ///< The calls have another deadline.
    /// Ends the last holder's attachment.
    std::function<void(const target_id&)> let_go;
    /// The last holder's page in this session; empty: none.
    std::function<target_id(std::string_view session)> page_in;
    /// What frames of other processes the lease's tab had.
    std::function<cdp::page_traces(lease_id)> frames_of;
    std::function<void(const target_id&, lease_id whose)> cleaned;
    std::function<void(const target_id&)> failed;
  };

  tab_cleaning() = default;
  tab_cleaning(cdp_calls& calls, host whom);

  /// From now on it is not its last holder's to use. @param whose Owns it until
  /// it is cleaned.
  void expect(const target_id& target, lease_id whose);

  /// @param shown What its last holder saw in it.
  void begin(const target_id& target, const cdp::page_traces& shown);

  void fail(const target_id& target);

  /// Returns whether it was to be cleaned.
  bool forget(const target_id& target) {
    return tabs_.erase(target) > 0;
  }

  void clear() {
    tabs_.clear();
  }

  bool contains(const target_id& target) const {
    return tabs_.contains(target);
  }

  /// Returns whether it is said of one of these tabs.
  bool hear(const cdp::frame& x);

private:
  struct tab {
    lease_id whose;
    protocol::timestamp deadline;
    std::string session; ///< Ours; empty: not attached yet.
    cdp::page_traces traces;
    std::map<std::string, std::set<std::string>> left; ///< To be cleared.
  };

  using then_asked = std::function<void(tab& what, std::string_view result)>;

  void ask(const target_id& target, std::string_view method,
           const std::string& params, then_asked then);
  void leave_page(const target_id& target);
  void clear_next(const target_id& target);
  void ask_whether_clear(const target_id& target, const std::string& origin);
  void leave_blank(const target_id& target);
  void done(const target_id& target);
  void serve(const target_id& target, const nlohmann::json& params);

  cdp_calls* calls_ = nullptr;
  host host_;
  std::map<target_id, tab> tabs_;
};

} // namespace berth::actors

#pragma once

#include "protocol/types.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace berth::protocol {

/// Targets of one Chrome that were asked to close, until they are gone. Chrome
/// says yes to that and forgets it if the page is on its way to another
/// address, so it is asked until the page is gone. One that does not close in
/// time is an orphan: nobody waits for it any more, and it may be asked anew.
class closing_tabs {
public:
  struct limits {
    duration within = std::chrono::seconds{5};
    duration again = std::chrono::milliseconds{250};
  };

  /// What came due. No target is in both.
  struct due {
    std::vector<target_id> ask;      ///< Once more.
    std::vector<target_id> orphaned; ///< From now on.
  };

  closing_tabs() = default;
  explicit closing_tabs(limits how) : how_{how} {
    // nop
  }

  /// Chrome is asked now; one that was asked before has all of its time again.
  void begin(const target_id& target, timestamp now);

  due look(timestamp now);

  std::optional<timestamp> next_deadline() const;

  /// It is gone. Returns whether it was an orphan.
  bool gone(const target_id& target);

  bool is_closing(const target_id& target) const {
    return asked_.contains(target);
  }

  bool is_orphan(const target_id& target) const {
    return orphans_.contains(target);
  }

  /// None is under way.
  bool is_done() const {
    return asked_.empty();
  }

  size_t orphans() const {
    return orphans_.size();
  }

  /// Those that nobody has asked to close at present.
  std::vector<target_id> idle_orphans() const;

private:
  struct closure {
    timestamp deadline;
    timestamp again; ///< When to ask once more.
  };

  limits how_;
  std::map<target_id, closure> asked_;
  std::set<target_id> orphans_;
};

} // namespace berth::protocol

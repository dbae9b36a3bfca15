// Targets: what Chrome reports, and which lease each of them belongs to.

#pragma once

#include "protocol/types.hpp"

#include <variant>
#include <vector>

namespace berth::protocol {

/// What Chrome says about a target (`Target.TargetInfo`), as far as we decide
/// by it. `type` is CDP's own: page, tab, iframe, worker, service_worker, ...
struct target_seen {
  target_id id;
  std::string type;
  std::string url;
  context_id context;
  target_id opener; ///< The opener page, for most popups.
  target_id parent; ///< The page of an iframe or a worker.

  friend bool operator==(const target_seen&, const target_seen&) = default;
};

/// A page asked for a new tab or window at this address: the only trace that a
/// ctrl-, middle- or shift-click leaves of its opener.
struct opener_hint {
  target_id opener;
  context_id context;
  std::string url;
};

// -- events -------------------------------------------------------------------

/// The target is the lease's, by creation, by opener, by parent or by context.
struct target_owned {
  target_id target;
  lease_id lease;
  bool popup = false; ///< Not the one that was asked for.
  friend bool operator==(const target_owned&, const target_owned&) = default;
};

/// The lease has as many popups as it may: resume it, then close it.
struct popup_refused {
  target_id target;
  lease_id lease;
  friend bool operator==(const popup_refused&, const popup_refused&) = default;
};

/// The target belongs to no lease: it is the person's, or Chrome's own.
struct target_unowned {
  target_id target;
  friend bool operator==(const target_unowned&, const target_unowned&)
    = default;
};

/// The target is no more.
struct target_gone {
  target_id target;
  lease_id lease; ///< Zero if it was nobody's.
  friend bool operator==(const target_gone&, const target_gone&) = default;
};

using target_event
  = std::variant<target_owned, popup_refused, target_unowned, target_gone>;
using target_events = std::vector<target_event>;

} // namespace berth::protocol

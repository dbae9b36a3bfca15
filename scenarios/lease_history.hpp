#pragma once

#include "protocol/lease.hpp"

#include <map>
#include <string>

namespace berth::scenarios {

using namespace protocol;

/// What agents asked with their leases and were told, as one history: could
/// each call have happened at one instant between its question and its answer,
/// so that no tab ever had two holders (is it linearizable)? Whatever daemons
/// and disks went through in between must not be seen in it.
///
/// Each holder has a tab for one stretch of time. Two stretches cannot follow
/// one another, in whichever order, if each has something that was asked after
/// something was told in the other; and if no two of them are so, they all can.
class lease_history {
public:
  struct call {
    timestamp asked;
    timestamp told;
  };

  /// This lease was of use in this tab: it was granted, or a command was
  /// carried out. Returns what is wrong with that; empty if nothing is.
  std::string held(lease_ref whose, const target_id& tab, call when);

  /// Its holder was told that it is given back.
  void released(lease_ref whose, call when);

private:
  struct tenure {
    timestamp first_told;
    timestamp last_asked;
  };

  std::map<target_id, std::map<lease_ref, tenure>> tabs_;
  std::map<lease_ref, timestamp> released_; ///< When that was first told.
};

} // namespace berth::scenarios

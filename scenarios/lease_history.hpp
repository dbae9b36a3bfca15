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
/// A tab's holders follow one another in the order of their tokens, which
/// leaves one order to look at: nothing may be asked for an earlier holder
/// after something was told to a later one.
class lease_history {
public:
  struct call {
    timestamp asked;
    timestamp told;
  };

  /// This lease was of use in this tab: it was granted, or a command was
  /// carried out. Returns what is wrong with that; empty if nothing is.
  std::string held(lease_ref whose, const target_id& tab, call when);

  /// This lease was said to be over.
  void over(lease_ref whose, call when);

private:
  struct tenure {
    timestamp first_told;
    timestamp last_asked;
  };

  std::map<target_id, std::map<lease_ref, tenure>> tabs_;
  std::map<lease_ref, timestamp> over_; ///< When that was first told.
};

} // namespace berth::scenarios

#pragma once

#include "protocol/outcome.hpp"
#include "protocol/types.hpp"

#include <cstddef>
#include <set>

namespace berth::protocol {

/// Which sessions are open, and which of them a request means.
///
/// Invariants: no number is given twice; there are never more than
/// `sessions_max`; what `find` answers is open.
class session_directory {
public:
  struct limits {
    size_t sessions_max = 64;
  };

  session_directory() = default;

  /// Numbers begin after `last`, which may have been given before its time;
  /// those that are `open` are from then, too.
  explicit session_directory(limits most, session_id last = {},
                             std::set<session_id> open = {});

  /// A number for one more, or `session.limit`.
  outcome<session_id> open();

  /// The one that is meant: zero means the only one that there is. Else
  /// `session.unknown`, or `session.ambiguous` with the candidates.
  outcome<session_id> find(session_id named) const;

  /// What `find` says of one that is not there.
  static failure unknown(session_id which);

  void close(session_id which);

  size_t size() const {
    return open_.size();
  }

private:
  limits most_;
  session_id last_;
  std::set<session_id> open_;
};

} // namespace berth::protocol

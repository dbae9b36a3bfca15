#pragma once

#include "journal/database.hpp"

#include <string>
#include <vector>

namespace berth::journal {

/// What the audit has to tell, as it grows: for whoever watches one daemon
/// after another. Changes nothing, and keeps no daemon from writing.
class audit_tail {
public:
  /// Fails if there is no journal.
  static outcome<audit_tail> open(const std::string& path);

  /// The rows since the last time that it succeeded, in order; at first, all.
  outcome<std::vector<protocol::audit_row>> read();

private:
  audit_tail(database file, statement query, std::string path);

  database file_;
  statement query_;
  std::string path_;
  protocol::calendar when_;
  uint64_t last_ = 0;
};

} // namespace berth::journal

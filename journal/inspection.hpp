// What there is to say of a journal's file, whatever state it is in.

#pragma once

#include "protocol/outcome.hpp"

#include <string>
#include <vector>

namespace berth::journal {

struct inspection {
  size_t version = 0;
  uint64_t epoch = 0;
  size_t events = 0; ///< Of the audit.
  size_t leases = 0;
  size_t sessions = 0;
  size_t runs = 0;
  std::vector<std::string> complaints; ///< None: it can be trusted.
};

/// Looks at every page and every row, and changes nothing. May be asked while
/// a daemon writes. Fails if there is no file that can be opened.
protocol::outcome<inspection> inspect_file(const std::string& path);

} // namespace berth::journal

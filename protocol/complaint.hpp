#pragma once

#include <string>

namespace berth::protocol {

/// Something wrong with a setting, for people.
struct complaint {
  std::string field; ///< "admission.per_key"
  std::string what;  ///< "must be at least 1, is 0"

  friend bool operator==(const complaint&, const complaint&) = default;
};

} // namespace berth::protocol

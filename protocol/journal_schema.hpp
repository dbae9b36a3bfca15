// The journal's tables as text, and how each version becomes the next.

#pragma once

#include <cstddef>
#include <vector>

namespace berth::protocol {

/// The SQL that makes version i + 1 out of version i. A released step is never
/// changed: what is to be other comes as a further step.
const std::vector<const char*>& journal_steps();

/// Of the tables that this program writes.
inline size_t journal_version() {
  return journal_steps().size();
}

/// Marks a file as a journal of Berth: "Brth".
inline constexpr int journal_application_id = 0x42727468;

} // namespace berth::protocol

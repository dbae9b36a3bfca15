#include "protocol/session.hpp"

#include <array>

namespace berth::protocol {

namespace {

constexpr std::array<const char*, 11> states{
  "fresh",    "queued",    "sending", "confirming",  "polling", "stopping",
  "complete", "timed_out", "failed",  "interrupted", "closed"};

static_assert(states.size() == size_t(session_state::closed) + 1);

constexpr std::array<const char*, 7> holds{
  "none",    "busy",      "superseding", "not_ended",
  "not_due", "preempted", "capacity"};

static_assert(holds.size() == size_t(hold_reason::capacity) + 1);

/// In the ids of those who hold leases for sessions.
constexpr uint64_t session_mark = uint64_t{1} << 63;
constexpr int page_bits = 24;

} // namespace

client_id holder_of(session_id x, uint64_t page) {
  auto low = page & ((uint64_t{1} << page_bits) - 1);
  return {session_mark | x.value << page_bits | low};
}

session_id session_of(client_id holder) {
  return {(holder.value & session_mark) != 0
            ? (holder.value & ~session_mark) >> page_bits
            : 0};
}

const char* to_string(session_state x) {
  auto i = static_cast<size_t>(x);
  return i < states.size() ? states[i] : "unknown";
}

const char* to_string(hold_reason x) {
  auto i = static_cast<size_t>(x);
  return i < holds.size() ? holds[i] : "unknown";
}

bool is_final(session_state x) {
  return x >= session_state::complete;
}

} // namespace berth::protocol

#pragma once

#include "actors/journal_writer.hpp"
#include "protocol/event_rate.hpp"
#include "protocol/journal_room.hpp"

#include <optional>
#include <vector>

namespace berth::actors {

struct durable_start {
  recorder_actor memory; ///< Keeps the last events, and tells the watchers.
  journal_writer_actor writer;
};

/// Has what happened written down before `memory` hears of it. Whatever comes
/// while a transaction is under way is in the next one: group commit.
///
/// What somebody waits for is refused when the disk fails, and then for a
/// moment at once, unless it is smaller: it is not done. What failed together
/// is tried one by one: one of it may be too large. What nobody waits for has
/// happened all the same: it stays in line until it can be written, and all
/// others behind it; except for news when the line is long: they are left out,
/// and counted. When that line is too long
/// even so, or a later epoch has begun, the recorder ends, and the crew with
/// it: the next epoch marks over whatever this one left open.
struct durable_recorder_state {
  static constexpr const char* name = "durable_recorder";

  struct entry {
    journal_entry what;
    caf::typed_response_promise<void> promise; ///< Not pending: nobody's.
  };

  durable_start with;
  std::vector<entry> line;      ///< For the next transaction.
  std::vector<entry> under_way; ///< In the present one.
  event_rate rate;              ///< Before anything stands in line.
  size_t events_in_line = 0;
  size_t left_out = 0;     ///< News that were not written down.
  bool one_by_one = false; ///< Together they failed.
  journal_room room;       ///< Of a disk that failed.
  std::optional<failure> trouble;
  caf::error leaving; ///< Told to end, as soon as all is written.
};

using durable_recorder_shell
  = recorder_actor::extend<caf::reacts_to<wake_atom>>;

durable_recorder_shell::behavior_type durable_recorder(
  durable_recorder_shell::stateful_pointer<durable_recorder_state> self,
  const durable_start& with);

} // namespace berth::actors

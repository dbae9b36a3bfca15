// The thread that waits for the disk, so that nobody else has to.

#pragma once

#include "actors/interfaces.hpp"

#include "journal/store.hpp"

#include <memory>
#include <vector>

namespace berth::actors {

/// Write all of it down in one transaction.
struct commit {
  std::vector<journal_entry> what;
};

/// For a recorder's own use. To be spawned detached.
using journal_writer_actor = caf::typed_actor<
  // Answers once it is durable, or with `journal.failed`, `journal.fenced`.
  caf::replies_to<commit>::with<void>>;

struct journal_writer_state {
  static constexpr const char* name = "journal_writer";
};

journal_writer_actor::behavior_type
journal_writer(journal_writer_actor::stateful_pointer<journal_writer_state>,
               std::shared_ptr<journal::store> file, uint64_t epoch);

} // namespace berth::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(berth::actors::commit)

#include "actors/journal_writer.hpp"

#include "actors/errors.hpp"

namespace berth::actors {

journal_writer_actor::behavior_type
journal_writer(journal_writer_actor::stateful_pointer<journal_writer_state>,
               std::shared_ptr<journal::store> file, uint64_t epoch) {
  return {
    [file = std::move(file), epoch](const commit& x) -> caf::result<void> {
      auto done = file->append(epoch, x.what);
      if (!done)
        return to_error(done.error());
      return caf::unit;
    },
  };
}

} // namespace berth::actors

#include "actors/recaller.hpp"

#include "actors/errors.hpp"

#include <utility>

namespace berth::actors {

recaller_actor::behavior_type recaller(const session_recall& recall) {
  return {
    [recall](const recall_session& x) -> caf::result<recalled_session> {
      auto row = recall(x.session);
      if (!row)
        return to_error(row.error());
      return recalled_session{std::move(*row)};
    },
  };
}

} // namespace berth::actors

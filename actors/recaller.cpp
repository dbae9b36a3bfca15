#include "actors/recaller.hpp"

namespace berth::actors {

recaller_actor::behavior_type
recaller(const std::function<std::optional<session_row>(session_id)>& recall) {
  return {
    [recall](const recall_session& x) {
      return recalled_session{recall(x.session)};
    },
  };
}

} // namespace berth::actors

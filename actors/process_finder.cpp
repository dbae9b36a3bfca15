#include "actors/process_finder.hpp"

#include "cdp/transport/proc.hpp"

namespace berth::actors {

process_finder_actor::behavior_type process_finder() {
  return {
    [](const find_process& x) {
      return int64_t{cdp::process_with_socket(x.uid, x.socket)};
    },
  };
}

} // namespace berth::actors

#include "actors/process_finder.hpp"

#include "cdp/transport/proc.hpp"

namespace berth::actors {

process_finder_actor::behavior_type
process_finder(process_finder_actor::pointer self) {
  return {
    [self](const find_process& x) {
      if (self->clock().now() >= x.until)
        return int64_t{0}; // Nobody waits for it any more.
      return int64_t{cdp::process_with_socket(x.uid, x.socket)};
    },
  };
}

} // namespace berth::actors

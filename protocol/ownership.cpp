#include "protocol/ownership.hpp"

namespace berth::protocol {

bool agrees_to_step_down(const owner_health& x) {
  return x.stopping || (x.chrome != browser_health::ready && x.down > x.grace);
}

starter_move decide(const owner_sight& x, const starter_limits& most) {
  if (!x.held)
    return starter_move::take;
  if (x.told) {
    if (x.told->stopping)
      return x.watched <= most.patience ? starter_move::wait
                                        : starter_move::give_up;
    if (x.told->chrome == browser_health::ready)
      return starter_move::join;
    return agrees_to_step_down(*x.told) ? starter_move::ask_to_step_down
                                        : starter_move::wait;
  }
  auto silence_max = x.opened ? most.silence_max : most.start_within;
  if (x.silent <= silence_max)
    return starter_move::wait;
  if (x.kept_out > most.silence_max)
    return starter_move::give_up;
  // Without its process in sight nothing can be done about its Chrome, and it
  // may serve others well.
  return x.process == process_fate::lives ? starter_move::take_over
                                          : starter_move::give_up;
}

} // namespace berth::protocol

// What may befall an agent, but for its death.

#include "scenarios/agent.hpp"

namespace berth::scenarios {

namespace {

/// How long the door waits for a sign of life.
const duration silence_max = door_limits{}.silence_max;

/// More than may wait and be under way for one client.
constexpr size_t flood_size = 200;

} // namespace

bool agent::present() const {
  return !gone_ && !frozen_ && self_.joined();
}

void agent::flood() {
  if (nature_.talks) {
    talks_.flood();
    return;
  }
  for (size_t i = 0; i < flood_size; ++i)
    if (held_ && chance(0.5))
      run_script(held_->lease.ref);
    else
      spares_.push_back(ask_berth(mood::chaos));
}

void agent::stutter() {
  asks_.stutter();
}

void agent::freeze(duration how_long) {
  auto now = where_.world.now();
  frozen_ = stillness{now + how_long, now + silence_max};
  self_.stop();
}

/// Goes on when it is time. The daemon may have taken it for dead by then.
bool agent::is_frozen() {
  if (!frozen_)
    return false;
  auto now = where_.world.now();
  if (self_.lives() && now >= frozen_->noticed) {
    self_.die();
    law_.left(self_.id());
    forget_questions();
  }
  if (now < frozen_->until)
    return true;
  frozen_.reset();
  if (self_.lives())
    self_.go_on();
  else
    rejoin();
  return true;
}

void agent::lose_connection() {
  self_.go_half_open(silence_max);
  rejoin();
}

void agent::lose_client() {
  self_.lose_client();
  law_.left(self_.id());
}

void agent::forgive_commands() {
  asks_.forgive_commands();
}

/// As itself, and with what it held. Whatever it asked on the old connection
/// is not answered any more.
void agent::rejoin() {
  forget_questions();
  join();
}

void agent::forget_questions() {
  asks_.forget();
  talks_.forget();
  acquiring_.reset();
  renewing_.reset();
  listing_.reset();
  commands_.clear();
  spares_.clear();
}

} // namespace berth::scenarios

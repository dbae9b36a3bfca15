#include "scenarios/agent.hpp"

#include "scenarios/story_words.hpp"

#include <utility>

namespace berth::scenarios {

namespace {

using namespace std::chrono_literals;

constexpr duration command_time = 5s;
constexpr duration recovery_time = 30s;
constexpr size_t commands_max = 4;

/// How many may work with one tab, and miss it at once.
constexpr uint64_t callers_max = 8;

/// A tab may take that long to open, and as long to close.
constexpr duration turnaround_max = 1min;

uint64_t client_of(uint64_t agent, uint64_t life) {
  return agent * 1'000'000 + life + 1;
}

} // namespace

character draw_character(tests::world& world, size_t keys) {
  character result;
  auto& x = result.wants;
  x.key = {"key" + std::to_string(world.draw(uint64_t{keys}))};
  x.wait = world.chance(0.2) ? duration{0} : world.draw(60s);
  x.ttl = 5s + world.draw(25s);
  x.grace = world.chance(0.6) ? duration{0} : world.draw(10s);
  if (world.chance(0.2))
    x.kind = holder_kind::session;
  if (world.chance(0.25))
    x.profile = profile_kind::isolated;
  result.talks = world.chance(0.3);
  result.silent = world.chance(0.2);
  result.deadliness = world.chance(0.5) ? 0.02 : 0;
  result.mischief = world.chance(0.3) ? 0.1 : 0;
  // A command each second or two, or one in half a minute.
  result.pace = 1.0 / static_cast<double>(1 << 2 * world.draw(uint64_t{3}));
  return result;
}

agent::agent(const scene& where, invariants& law, uint64_t number,
             character nature)
  : where_{where},
    law_{law},
    number_{number},
    nature_{std::move(nature)},
    self_{where.daemon.make_guest(client_of(number, 0),
                                  "agent-" + std::to_string(number))} {
  come_back();
}

bool agent::chance(double p) {
  return where_.world.chance(p);
}

// -- life and death -----------------------------------------------------------

void agent::turn(mood how) {
  asks_.check();
  if (gone_ || is_frozen())
    return;
  if (!self_.lives()) {
    if (how != mood::chaos || chance(0.1))
      come_back();
    return;
  }
  if (!self_.joined()) {
    if (!self_.greeting()->pending() || self_.waits_in_vain())
      come_back();
    return;
  }
  if (self_.is_cut()) {
    rejoin();
    return;
  }
  take_grant();
  take_spares();
  take_release();
  take_renewal();
  take_list();
  take_answers();
  law_.commands_stay_within_their_limit(self_.name(), commands_.size());
  if (how == mood::chaos && chance(nature_.deadliness))
    // Between any two messages, not only when all is done that can be.
    where_.world.after(where_.world.draw(uint64_t{50}), [this] {
      if (self_.lives())
        die();
    });
  else
    live(how);
}

void agent::die() {
  asks_.tell([] {
    return "dies";
  });
  self_.die();
  law_.left(self_.id());
  forget_questions();
  let_go();
}

/// As itself, if it may come back; else as somebody new.
void agent::come_back() {
  if (!self_.greeting() || chance(0.5)) {
    if (self_.greeting())
      law_.left(self_.id());
    let_go();
    auto who = client_of(number_, lives_++);
    self_ = where_.daemon.make_guest(who, self_.name());
  }
  join();
}

void agent::join() {
  // What a lasting lease leaves behind ends with its ttl, which begins when its
  // tab is there.
  auto& wants = nature_.wants;
  auto lasts = wants.kind == holder_kind::session;
  law_.joined(self_.id(), lasts ? turnaround_max + wants.ttl : wants.grace,
              wants.ttl);
  asks_.tell([] {
    return "joins";
  });
  self_.join();
}

void agent::say_goodbye() {
  asks_.ask<tests::nothing>("goodbye", actors::goodbye{}, command_time);
  // A lasting lease is nobody's: it has its ttl.
  law_.left(self_.id(), nature_.wants.kind == holder_kind::client);
  let_go();
  gone_ = true;
}

void agent::let_go() {
  held_.reset();
  renewing_.reset();
  listing_.reset();
  commands_.clear();
  tab_is_lost_ = false;
  turns_held_ = 0;
}

void agent::live(mood how) {
  if (nature_.talks)
    talk(how);
  else if (how == mood::farewell && held_ && commands_.empty() && chance(0.5))
    say_goodbye(); // What it holds goes with it.
  else if (held_)
    drive(how);
  else if (acquiring_ || how == mood::calm)
    return;
  else if (how == mood::farewell)
    say_goodbye();
  else if (how == mood::peace || chance(0.3))
    acquiring_ = ask_berth(how);
}

void agent::talk(mood how) {
  talks_.turn(how);
  if (how == mood::farewell && talks_.over())
    say_goodbye();
}

// -- what it does -------------------------------------------------------------

tests::asked<grant> agent::ask_berth(mood how) {
  auto what = nature_.wants;
  if (how == mood::peace)
    what.wait = 20min;
  law_.waits(self_.id(), what.wait);
  return asks_.ask<grant>("acquire", what, what.wait + turnaround_max,
                          &spares_);
}

void agent::drive(mood how) {
  auto now = where_.world.now();
  auto heartbeat = how != mood::chaos || !nature_.silent;
  if (heartbeat && !renewing_ && now >= next_renewal_)
    renew();
  if (how == mood::calm || (how == mood::chaos && !chance(nature_.pace)))
    return;
  auto enough
    = how == mood::farewell || (how == mood::peace && turns_held_ > 3);
  if (enough || chance(0.05)) {
    give_back(held_->lease.ref);
    let_go();
    return;
  }
  ++turns_held_;
  if (!listing_ && chance(0.1))
    listing_ = asks_.ask<status>("status", get_status{}, command_time);
  if (commands_.size() < commands_max && chance(0.5))
    do_something(how);
}

void agent::give_back(lease_ref which) {
  given_back_
    = {which,
       asks_.ask<tests::nothing>("release", release_lease{tests::proven(which)},
                                 turnaround_max)};
}

void agent::renew() {
  law_.heard(held_->lease.ref, where_.world.now());
  renewing_ = asks_.ask<duration>("renewal", renew_lease{held_->lease, {}},
                                  command_time);
}

void agent::do_something(mood how) {
  addressee to{held_->lease, {}, command_time};
  if (tab_is_lost_)
    recover();
  else if (chance(nature_.mischief))
    do_mischief();
  else if (chance(0.3)) {
    auto url = chance(0.1) ? "http://unreachable/"
                           : "http://" + self_.name() + "/"
                               + std::to_string(where_.world.draw(uint64_t{9}));
    give("navigation", navigate{to, url});
  } else if (how == mood::chaos && chance(0.1))
    give("stuck script", evaluate{to, chance(0.5) ? "busy" : "never"});
  else
    run_script(held_->lease.ref);
}

/// On behalf of everybody who works with the tab: they all miss it at once.
void agent::recover() {
  tab_is_lost_ = false;
  law_.recovery_asked();
  auto callers = 1 + where_.world.draw(callers_max);
  for (uint64_t i = 0; i < callers; ++i)
    give("recovery", recover_tab{{held_->lease, {}, recovery_time}});
}

/// With its own token for another's lease, with one that never was, or with a
/// lease that it gave back.
void agent::do_mischief() {
  if (given_back_.got && given_back_.got->value && chance(0.3)) {
    run_script(given_back_.shown);
    return;
  }
  auto shown = held_->lease.ref;
  if (shown.lease.value > 1 && chance(0.5))
    shown.lease.value = 1 + where_.world.draw(shown.lease.value - 1);
  else
    shown.token.sequence += 1 + where_.world.draw(uint64_t{9});
  if (chance(0.5)) {
    run_script(shown);
    return;
  }
  // With the proof of its own lease, or with none: the door knows the one
  // answer to both.
  auto proof = chance(0.5) ? held_->lease.proof : lease_proof{};
  give("guess", evaluate{{{shown, proof}, {}, command_time}, "guessed"});
}

/// As long as it is under way, its holder is not silent.
template <class Command>
void agent::give(const char* what, const Command& x) {
  law_.heard(x.to.lease.ref, where_.world.now() + x.to.within);
  commands_.push_back(
    {x.to.lease.ref, asks_.ask<answer>(what, x, x.to.within)});
}

/// The script says whose it is: Chrome must not see it in another's tab.
void agent::run_script(lease_ref shown) {
  auto script = to_string(shown) + ' ' + std::to_string(++scripts_);
  give("script", evaluate{{tests::proven(shown), {}, command_time}, script});
}

// -- what it is told ----------------------------------------------------------

/// From when on a duration that it was told counts: if the machine slept
/// meanwhile, it may have been said before.
timestamp agent::since(const tests::any_question& x) const {
  return where_.world.woke() > x.asked ? x.asked : x.answered;
}

void agent::take_grant() {
  if (!acquiring_ || acquiring_->pending())
    return;
  auto got = std::exchange(acquiring_, nullptr);
  if (!got->value)
    return;
  held_ = *got->value;
  ++served_;
  law_.granted(*held_, {got->asked, got->answered});
  law_.alive(held_->lease.ref, since(*got) + held_->expires_in);
  next_renewal_ = where_.world.now() + nature_.wants.ttl / 3;
}

/// It has no use for these.
void agent::take_spares() {
  for (auto& x : std::exchange(spares_, {}))
    if (x->pending())
      spares_.push_back(x);
    else if (x->value)
      give_back(x->value->lease.ref);
}

void agent::take_release() {
  auto& got = given_back_.got;
  if (got && got->value)
    law_.released(given_back_.shown, {got->asked, got->answered});
}

void agent::take_renewal() {
  if (!renewing_ || renewing_->pending())
    return;
  auto got = std::exchange(renewing_, nullptr);
  if (!got->value) {
    let_go();
    return;
  }
  law_.alive(held_->lease.ref, since(*got) + *got->value);
  next_renewal_ = where_.world.now() + nature_.wants.ttl / 3;
}

void agent::take_list() {
  if (!listing_ || listing_->pending())
    return;
  auto got = std::exchange(listing_, nullptr);
  if (held_ && got->value)
    law_.listed(held_->lease.ref, *got->value);
}

void agent::take_answers() {
  for (auto& x : std::exchange(commands_, {}))
    if (x.got->pending())
      commands_.push_back(x);
    else
      take_answer(x);
}

void agent::take_answer(const open_command& x) {
  auto& why = x.got->why;
  lease_history::call when{x.got->asked, x.got->answered};
  if (!why) {
    auto& value = x.got->value->value;
    law_.answered(x.shown, *x.got->value, when);
    if (value.starts_with("\"http://agent-")
        && !value.starts_with("\"http://" + self_.name() + "/"))
      law_.complain(promise::exclusive,
                    self_.name()
                      + " was answered from another's page: " + value);
    return;
  }
  if (why->code == errc::tab_lost)
    tab_is_lost_ = true;
}

} // namespace berth::scenarios

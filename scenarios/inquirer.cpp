#include "scenarios/inquirer.hpp"

#include "scenarios/story_words.hpp"

#include <algorithm>

namespace berth::scenarios {

namespace {

/// After the machine slept, all that was due is answered within that.
constexpr duration turnaround_max = std::chrono::minutes{1};

} // namespace

inquirer::inquirer(const scene& where, invariants& law, tests::guest& self)
  : where_{where}, law_{law}, self_{self} {
  // nop
}

void inquirer::hasten(const tests::any_question& which, duration within) {
  auto most = within + answer_slack;
  for (auto& x : questions_)
    if (x.asked.get() == &which) {
      x.due = std::min(x.due, where_.world.now() + most);
      x.within = std::min(x.within, most);
    }
}

void inquirer::check() {
  std::erase_if(questions_, [this](open_question& x) {
    return check(x);
  });
}

/// True if nothing more is to be seen of it.
bool inquirer::check(open_question& x) {
  auto whose = [&] {
    return self_.name() + "'s " + x.what;
  };
  if (!x.asked->pending() && !std::exchange(x.told, true)) {
    tell_answer(x);
    if (x.asked->why && x.asked->why->code == errc::internal)
      law_.complain(promise::truth,
                    whose() + " met a bug: " + x.asked->why->what);
  }
  if (x.asked->times > 1)
    law_.complain(promise::truth, whose() + " was answered twice");
  auto most = std::max(turnaround_max, x.within);
  if (law_.not_before(x.due, most) > where_.world.now())
    return false;
  if (x.asked->pending() && !x.forgiven)
    law_.complain(promise::truth, whose() + " was not answered in time");
  return true;
}

void inquirer::tell_answer(const open_question& x) {
  where_.tale.tell(x.asked->answered, [&] {
    auto& why = x.asked->why;
    return self_.name() + " is answered: " + x.what + ' '
           + (why ? to_words(*why) : "done");
  });
}

void inquirer::forget() {
  questions_.clear();
}

void inquirer::stutter() {
  stutters_ = true;
}

void inquirer::forgive_commands() {
  for (auto& x : questions_)
    x.forgiven |= x.of_tab;
}

} // namespace berth::scenarios

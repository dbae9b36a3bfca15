#include "apps/agent/loop.hpp"

#include "actors/remote/patience.hpp"
#include "apps/context.hpp"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <random>

namespace berth::apps {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

constexpr auto between_commands = 20ms;
constexpr duration after_failure = 100ms;

/// So often at least it tells how many commands were answered.
constexpr uint64_t unsaid_max = 10;

std::string random_mark() {
  std::random_device source;
  return std::to_string(uint64_t{source()} << 32 | source());
}

} // namespace

int agent_loop::run() {
  int last = done;
  for (uint64_t i = 1; !told_to_end_; ++i) {
    auto eager = habits_.eager_every > 0 && i % habits_.eager_every == 0;
    last = take_turn(eager ? duration{0} : habits_.wait);
    if (i == habits_.rounds)
      break;
  }
  if (mistakes_ > 0)
    return failed;
  return habits_.rounds == 0 ? done : last;
}

/// Returns the exit code of one that has no other turn.
int agent_loop::take_turn(duration wait) {
  lease_ = {};
  auto got = hands_.take(wait);
  if (!got) {
    fail_with(got.error());
    return try_later;
  }
  lease_ = *got;
  mark_ = random_mark();
  arrived_ = restored_ = false;
  say_(line(saying::granted));
  auto held = drive();
  say_commands();
  if (!held)
    return failed;
  if (auto back = hands_.give_back(); !back) {
    fail_with(back.error());
    return failed;
  }
  say_(line(saying::released));
  return done;
}

/// Until its time is over. False if the lease was over before.
bool agent_loop::drive() {
  auto until = clock::now() + habits_.hold;
  while (clock::now() < until && !told_to_end_) {
    if ((arrived_ ? ask() : arrive()) == step::lease_is_over)
      return false;
    if (unsaid_ >= unsaid_max)
      say_commands();
    pause(between_commands);
  }
  return true;
}

agent_loop::step agent_loop::arrive() {
  auto page = "data:text/html,<title>" + habits_.name + "</title>" + mark_;
  if (auto there = hands_.open(page); !there)
    return amend(there.error());
  ++unsaid_;
  arrived_ = true;
  restored_ = false;
  return step::go_on;
}

/// The title says whose page it is, the text which lease's, and the number
/// which command's answer.
agent_loop::step agent_loop::ask() {
  auto number = " " + std::to_string(++serial_);
  auto answered = hands_.evaluate(
    "document.title + ' ' + document.body.textContent + '" + number + "'");
  if (!answered)
    return amend(answered.error());
  ++unsaid_;
  auto json_of = [](const std::string& text) {
    return nlohmann::json(text).dump();
  };
  judge(*answered, json_of(habits_.name + " " + mark_ + number),
        json_of(" " + number));
  return step::go_on;
}

void agent_loop::judge(const std::string& got, const std::string& mine,
                       const std::string& blank) {
  // A recovered tab goes back to its page, but may have been lost again
  // before it was there.
  if (std::exchange(restored_, false) && got == blank) {
    arrived_ = false;
    return;
  }
  if (got == mine)
    return;
  ++mistakes_;
  auto x = line(saying::mistaken);
  x.expected = mine;
  x.got = got;
  say_(x);
}

/// What can be done about a failure within the lease.
agent_loop::step agent_loop::amend(const failure& why) {
  fail_with(why);
  if (client::ends_lease(why) || why.code == errc::client_gone)
    return step::lease_is_over;
  if (why.code != errc::tab_lost)
    return step::go_on;
  if (auto back = hands_.recover(); !back)
    fail_with(back.error());
  else
    restored_ = true;
  return step::go_on;
}

agent_line agent_loop::line(saying says) const {
  agent_line result;
  result.agent = habits_.name;
  result.says = says;
  result.lease = lease_;
  return result;
}

void agent_loop::say_commands() {
  auto x = line(saying::did);
  x.commands = std::exchange(unsaid_, 0);
  if (x.commands > 0)
    say_(x);
}

void agent_loop::fail_with(const failure& why) {
  auto x = line(saying::failed);
  x.why = why;
  say_(x);
  pause(std::max(why.retry_after, after_failure));
}

void agent_loop::pause(duration how_long) {
  told_to_end_
    = told_to_end_
      || stop_.wait(std::chrono::ceil<std::chrono::milliseconds>(how_long));
}

} // namespace berth::apps

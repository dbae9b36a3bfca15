// What the tests of `session_machine` have in common: one session, the words
// of its clients and of its page, and eyes for what it decides.

#pragma once

#include "protocol/session_machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace berth::protocol::test {

using namespace std::chrono_literals;

constexpr client_id alice{1};
constexpr client_id bob{2};
constexpr timestamp start{1h};
inline const std::string address = "https://a.example/c/1";

/// The events, or the acts, of one kind.
template <class T>
std::vector<T> all(const session_decision& from) {
  std::vector<T> result;
  if constexpr (std::is_constructible_v<session_event, T>) {
    for (const auto& x : from.events)
      if (auto y = std::get_if<T>(&x))
        result.push_back(*y);
  } else {
    for (const auto& x : from.acts)
      if (auto y = std::get_if<T>(&x))
        result.push_back(*y);
  }
  return result;
}

struct SessionFixture : testing::Test {
  timestamp now = start;
  session_machine machine{fresh_row(), {}, start};

  static session_row fresh_row() {
    session_row result;
    result.id = {7};
    result.provider = "a";
    result.used = start;
    return result;
  }

  /// A prompt that would wait its turn.
  static send_prompt words(const std::string& text, waiter_id waiter = {}) {
    send_prompt result;
    result.by = alice;
    result.what.text = text;
    result.waiter = waiter;
    result.until = waiter ? wait_until::done : wait_until::accepted;
    result.wait = 10min;
    return result;
  }

  static send_prompt background(const std::string& text) {
    auto result = words(text);
    result.background = true;
    return result;
  }

  static send_prompt interrupt(const std::string& text) {
    auto result = words(text);
    result.interrupt = true;
    return result;
  }

  session_decision send(const send_prompt& what) {
    return machine.send(what, now);
  }

  session_decision
  wait_for(run_id which, waiter_id waiter, duration wait = 1h) {
    return machine.poll({bob, waiter, which, wait}, now);
  }

  session_decision stop(run_id which = {}) {
    return machine.stop({which}, now);
  }

  session_decision expire_at(timestamp when) {
    now = when;
    return machine.expire(now);
  }

  template <class T>
  session_decision report(T what) {
    return machine.report({ref(), std::move(what)}, now);
  }

  template <class T>
  session_decision report_of(run_ref from, T what) {
    return machine.report({from, std::move(what)}, now);
  }

  /// The epoch of the run under way.
  run_ref ref() const {
    auto owner = machine.find(machine.row().owner);
    return owner ? run_ref{owner->id, owner->leg} : run_ref{};
  }

  run_ref sending(const send_prompt& what = words("hello")) {
    auto decision = send(what);
    EXPECT_EQ(decision.why.code, errc::ok) << decision.why.what;
    EXPECT_EQ(decision.run, machine.row().owner);
    return ref();
  }

  /// Its prompt is there, at its address.
  run_ref polling(const send_prompt& what = words("hello")) {
    sending(what);
    report(page_named{address, "Talk"});
    EXPECT_EQ(report(prompt_seen{}).why.code, errc::ok);
    return ref();
  }

  session_decision complete(const std::string& text = "hi") {
    return report(answer_done{text});
  }

  /// What is to be done when the tab of this run is lost.
  recover_tab_of recovery(run_ref from) const {
    const auto& x = row(from.run);
    return {from, x.provider, address, x.what,
            lease_deadline(timeouts{}, x.deadline)};
  }

  session_state state_of(run_id which) const {
    return machine.state_of(*machine.find(which));
  }

  const run& row(run_id which) const {
    return *machine.find(which);
  }
};

inline std::vector<run_id> started(const session_decision& from) {
  std::vector<run_id> result;
  for (const auto& x : all<begin_run>(from))
    result.push_back(x.run.run);
  return result;
}

using runs = std::vector<run_id>;

} // namespace berth::protocol::test

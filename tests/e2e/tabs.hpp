// Tabs of one daemon, for the tests of what can be done with them.

#pragma once

#include "tests/e2e/harness.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace berth::tests {

template <class Command>
Command within(duration time, Command what) {
  what.to.within = time;
  return what;
}

inline errc code_of(const outcome<answer>& x) {
  return x ? errc::ok : x.error().code;
}

struct Tabs : testing::Test {
  live_daemon berth;
  client::connection me = berth.connect();

  client::tab open(const acquire& what = {}) {
    return must(me.acquire(what));
  }

  /// A real crash: every renderer of this Chrome is killed.
  void crash_renderers() {
    for (auto pid : renderers_of(berth.look().browsers[0].pid))
      ::kill(pid, SIGKILL);
  }
};

} // namespace berth::tests

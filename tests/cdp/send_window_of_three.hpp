// Three leases at one Chrome, for the tests of the send window.

#pragma once

#include "cdp/send_window.hpp"

#include <gtest/gtest.h>

#include <string>

namespace berth::cdp {

using namespace std::chrono_literals;

inline constexpr send_window::lease_number alice = 1, bob = 2, carol = 3;

class send_window_test : public testing::Test {
public:
  /// Into a session of that lease's own.
  bool put(send_window::lease_number whose, std::string text, uint64_t id = 0) {
    outgoing what{std::move(text), id, std::to_string(whose)};
    return window.put(whose, what, now);
  }

  bool put_own(std::string text) {
    return window.put(text);
  }

  /// All that may be written now, one letter each.
  std::string written() {
    std::string result;
    while (auto text = window.next(now))
      result += text->front();
    return result;
  }

  void answer(send_window::lease_number whose, uint64_t id, size_t bytes = 1) {
    window.heard(whose, id, bytes, now);
  }

  /// Answers so many calls of a lease, one after the other.
  void earn(send_window::lease_number whose, size_t calls) {
    for (uint64_t id = 1000; id < 1000 + calls; ++id) {
      put(whose, "x", id);
      written();
      answer(whose, id);
    }
  }

  /// Alice's heavy call is under way, and Bob's waits for its answer.
  void begin_heavy() {
    for (auto whose : {alice, bob}) {
      put(whose, "x", 1);
      written();
      answer(whose, 1, 600);
    }
    now += 602ms;
    put(alice, "a", 2);
    put(bob, "b", 2);
    EXPECT_EQ(written(), "a");
  }

  /// A byte costs a millisecond, and 100 of them are free.
  static send_window::limits small() {
    send_window::limits result;
    result.calls_first = 2;
    result.calls_max = 4;
    result.calls_all_max = 8;
    result.patience = 50ms;
    result.patience_max = 150ms;
    result.price = 1ms;
    result.credit = 100ms;
    result.credit_all = 1h; // Never.
    result.strangers_max = 100;
    result.debt_max = 3s;
    result.pause_max = 1s;
    result.presence = 1s;
    result.waiting_max = 500;
    result.waiting_all_max = 1000;
    result.waiting_least = 10;
    return result;
  }

  send_window window{small()};
  send_window::time now{1h};
};

} // namespace berth::cdp

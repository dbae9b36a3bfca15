// The promises that can be judged from outside of a daemon, whoever it is.

#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace berth::scenarios {

enum class promise : uint8_t {
  recovery,   ///< A lost tab is made anew once, for all who ask.
  bind,       ///< Never a tab without a durable row.
  order,      ///< Runs of a conversation follow one another; a result stays.
  crash,      ///< What a dead client held is free again, in time.
  live,       ///< What a living client holds is not taken from it.
  cap,        ///< No more tabs than there may be.
  deadline,   ///< Every run ends by its own.
  exclusive,  ///< A tab is never handed to two, a lease ends but once.
  kept,       ///< No lease is lost.
  durable,    ///< Nor a session, whoever dies.
  slide,      ///< Activity keeps a lease alive, and only that.
  fence,      ///< Only the token in force reaches a tab.
  fair,       ///< Everybody is served in the end.
  queue,      ///< What waits in a conversation has its turn, within limits.
  interrupt,  ///< No prompt is sent before the last answer has ended.
  background, ///< Neither too early, nor before others, nor when cancelled.
  scope,      ///< An answer is the one to its own prompt.
  isolation,  ///< What happens to one browser is nothing to another.
  truth,      ///< Every request is answered, once, and not with a bug.
};

inline constexpr std::array promise_names{
  "T1 recovery",   "T2 bind",     "T3 order",     "T4 crash", "T4 live",
  "T5 cap",        "T6 deadline", "L1 exclusive", "L1 kept",  "L2 durable",
  "L4 slide",      "L5 fence",    "L6 fair",      "Q1 queue", "Q2 interrupt",
  "Q5 background", "Q6 scope",    "B3 isolation", "D3 truth",
};

inline std::string to_string(promise x) {
  return promise_names.at(static_cast<size_t>(x));
}

} // namespace berth::scenarios

// Who is the one daemon of a state directory: what an owner tells of itself,
// what somebody does who wants the directory as well, and when an owner gives
// it up. That there is an owner only the lock says.

#pragma once

#include "protocol/request.hpp"
#include "protocol/types.hpp"

#include <cstdint>
#include <optional>

namespace berth::protocol {

/// How are you? Answered with an `owner_health`, also while nobody is served.
struct get_health {};

/// Somebody wants to serve in your place. Answered with an `owner_health`, in
/// which `stopping` says whether it agrees.
struct step_down {};

struct owner_health {
  int64_t pid = 0;
  uint64_t epoch = 0;
  duration up{}; ///< Since it has begun to serve.
  browser_health chrome{};
  duration down{};  ///< How long its Chrome has not been ready.
  duration grace{}; ///< How long that may be.
  bool stopping = false;

  friend bool operator==(const owner_health&, const owner_health&) = default;
};

/// An owner gives up only what it cannot use itself.
bool agrees_to_step_down(const owner_health& x);

/// Whether the process that an owner has written down is still there.
enum class process_fate : uint8_t {
  unknown, ///< It cannot be seen from here, or nothing is written down.
  lives,
  gone, ///< Another process with its pid is another process.
};

/// What somebody sees of an owner.
struct owner_sight {
  bool held = false; ///< The lock is.
  process_fate process{};
  bool opened = false;              ///< It has said where its door is.
  std::optional<owner_health> told; ///< What it answers at its door.
  duration silent{};   ///< How long we have looked and it has not answered.
  duration watched{};  ///< How long we have looked.
  duration kept_out{}; ///< How long another starter has kept us from acting.
};

struct starter_limits {
  duration start_within{}; ///< For a start, before there is a door.
  duration silence_max{};  ///< For an answer at the door.
  duration patience{};     ///< For an end that was said to come.
};

enum class starter_move : uint8_t {
  take, ///< There is no owner.
  wait,
  join,             ///< It serves: be its client.
  ask_to_step_down, ///< It cannot serve any more.
  take_over,        ///< It does not answer: serve without its consent.
  give_up,          ///< Neither can be done from here.
};

/// What a starter does about what it sees, until it is none of `wait` and
/// `ask_to_step_down`.
starter_move decide(const owner_sight& x, const starter_limits& most);

} // namespace berth::protocol

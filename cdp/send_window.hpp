// What is written to one Chrome next, of all that wants to be.
//
// Chrome reads its commands one after the other, and writes its answers the
// same way: who sends it large ones, or makes it answer at length, keeps
// everybody waiting. So each party (a lease, or Berth itself) has a line of its
// own, lines take turns, and whoever costs Chrome much waits afterwards, if
// there are others.
//
// Pure. Also included from C++17 files.

#pragma once

#include "cdp/envelope.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace berth::cdp {

/// Invariants: the commands of a party keep their order; Berth's own overtake
/// those of all others; what waits of a party has a limit.
class send_window {
public:
  using time = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;
  using party = uint64_t;

  static constexpr party berth = 0; ///< Waits for nobody.

  struct limits {
    /// Calls of a party that Chrome has not answered: at first, and after as
    /// many small answers.
    std::size_t calls_first = 4;
    std::size_t calls_max = 64;
    /// Calls may wait for something that a later one brings about. So one more
    /// is sent when no answer came for so long, and another after twice the
    /// time, and so on.
    duration patience = std::chrono::milliseconds{50};
    duration patience_max = std::chrono::seconds{1}; ///< From the beginning
                                                     ///< after a heavy one.
    std::size_t heavy = std::size_t{1} << 20; ///< Bytes, of either direction.
    /// How long a heavy one's party waits for each byte of it. Chrome works for
    /// a third of that.
    duration pause_per_byte = std::chrono::nanoseconds{24};
    /// Who has sent nothing for so long is not kept waiting by anybody.
    duration presence = std::chrono::seconds{1};
    std::size_t waiting_max = std::size_t{64} << 20; ///< Bytes of a party,
                                                     ///< or of Berth.
  };

  explicit send_window(limits how) : how_{how} {
    // nop
  }

  /// False: too much of this party waits, and `what` is left as it is.
  bool put(party whose, outgoing& what, time now);

  /// The next text to write. None: nothing waits that may be sent now.
  std::optional<std::string> next(time now);

  /// Chrome has sent so much to this party. @param id 0: no answer.
  void heard(party whose, uint64_t id, std::size_t bytes, time now);

  /// The session is over: what waits for it is not sent.
  void withdraw(const std::string& session, time now);

  /// When to ask for the `next` again though nothing has happened.
  std::optional<time> due(time now) const;

private:
  struct call {
    uint64_t id = 0;
    std::string session;
    time since;
  };

  struct line {
    std::deque<outgoing> waiting;
    std::size_t bytes = 0; ///< Of those that wait.
    std::deque<call> unanswered;
    std::size_t calls_max = 0; ///< Of the unanswered.
    time answered;             ///< Last, or one more was let through.
    duration patience{};       ///< Until one more is.
    time present;              ///< Last sent something.
    time paused_until;
  };

  bool is_alone(party whose, time now) const;
  time may_send_from(party whose, const line& x, time now) const;
  void charge(line& x, std::size_t bytes, time now);
  std::string take(line& x, time now);

  limits how_;
  std::map<party, line> lines_;
  std::deque<outgoing> own_;  ///< Berth's.
  std::size_t own_bytes_ = 0; ///< Of those.
  party last_ = berth;        ///< Whose turn it was.
  time paid_until_;           ///< Of all heavy ones, one after the other.
};

} // namespace berth::cdp

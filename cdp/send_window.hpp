// What is written to one Chrome next, of all that wants to be.
//
// Chrome reads its commands one after the other, and writes its answers the
// same way: who sends it large ones, or makes it answer at length, keeps
// everybody waiting. So the commands of agents wait in lines, one for each
// lease; lines take turns, and a lease that costs Chrome much waits while
// others have something to send. What Berth itself has to say waits for nobody.
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

/// Invariants: the commands of a lease keep their order; Berth's own overtake
/// them all; what waits has limits, of a lease and of all together.
class send_window {
public:
  using time = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;
  using lease_number = uint64_t; ///< 0 for all sessions that are nobody's.

  struct limits {
    /// Calls of a lease that Chrome has not answered: at first, and after as
    /// many answers. What they cost is known too late to take them back.
    std::size_t calls_first = 2;
    std::size_t calls_max = 16;
    std::size_t calls_all_max = 16; ///< Of all: then each has the first few.
    /// Calls may wait for something that a later one brings about. So one more
    /// is sent when no answer came for so long, and another after twice the
    /// time, and so on.
    duration patience = std::chrono::milliseconds{50};
    duration patience_max = std::chrono::seconds{1};
    /// What a byte costs, sent or answered. Chrome works for a third of that.
    duration price = std::chrono::nanoseconds{24};
    /// So much of a lease is free, as time goes on. Who owes more, or will by
    /// its next call, is heavy: it has one call under way, takes turns with
    /// others that are heavy, and lets everybody else pass.
    duration credit = std::chrono::milliseconds{100};
    /// While all together owe so much, that is of each:
    duration credit_all = std::chrono::milliseconds{100};
    duration credit_least = std::chrono::milliseconds{10};
    /// Of leases that have had no answer yet so many calls are under way, and
    /// those beyond wait for a `presence`: what they cost is not known. While
    /// all owe that much it is one, and they wait for longer.
    std::size_t strangers_max = 4;
    duration strangers_busy = std::chrono::seconds{3};
    duration debt_max = std::chrono::minutes{1};
    duration pause_max = std::chrono::seconds{1}; ///< Of one call for it.
    /// So long at most the other heavy ones wait for an answer.
    duration answer_max = std::chrono::seconds{10};
    /// Who has sent nothing for so long, and waits for nothing, is not there.
    duration presence = std::chrono::seconds{1};
    std::size_t waiting_max = std::size_t{64} << 20;      ///< Bytes of a lease.
    std::size_t waiting_all_max = std::size_t{256} << 20; ///< Of all. Beyond it
    std::size_t waiting_least = std::size_t{1} << 20; ///< each may have these.
  };

  explicit send_window(limits how) : how_{how} {
    // nop
  }

  /// Berth's own: it is sent before whatever waits. False as below.
  bool put(std::string& text);

  /// False: too much waits, and `what` is left as it is.
  bool put(lease_number whose, outgoing& what, time now);

  /// The next text to write, when the last one is written. None: nothing waits
  /// that may be sent now.
  std::optional<std::string> next(time now);

  /// Chrome has sent so much to this lease. @param id 0: no answer.
  void heard(lease_number whose, uint64_t id, std::size_t bytes, time now);

  /// This command is not to be sent any more, or nobody waits for its answer.
  /// False: it was sent, or is not known.
  bool take_back(uint64_t id);

  /// The session is over: what waits for it is not sent, and nobody waits for
  /// its answers.
  void withdraw(const std::string& session, time now);

  /// The lease has no session any more. What it owes is not forgotten before it
  /// is paid: it may come back with another one.
  void leave(lease_number whose, time now);

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
    duration patience{};       ///< Until one more is sent.
    time answered;             ///< Last, or one more was sent.
    time sent;                 ///< When it had something to send last.
    time paid;                 ///< When nothing is owed any more.
    duration expected{};       ///< The price of its next answer.
    time since;                ///< When it came.
    bool is_known = false;     ///< One of its calls was answered.
    bool has_left = false;     ///< And has put nothing since.
  };

  struct large {
    lease_number whose;
    duration price;
    time since; ///< When it was given out, to be written.
  };

  bool is_present(const line& x, time now) const;
  bool has_company(const line& whose, time now) const;
  bool owes(const line& x, time now) const;
  bool is_busy(time now) const;
  duration credit(time now) const;
  bool has_strangers(time now) const;
  duration strangers_within(time now) const;
  duration patience_with(const line& x, time now) const;
  bool is_heavy(const line& x, time now) const;
  std::size_t calls_of(const line& x) const;
  time may_send_from(const line& x, time now) const;
  bool charge(line& x, std::size_t bytes, time now);
  duration price_of(std::size_t bytes) const;
  duration answer_within(const line& x) const;
  void pause(duration price, time now);
  time paused_until() const;
  std::string take(lease_number whose, line& x, time now);
  void written(const large& x, time now);
  template <class Those>
  bool drop(line& x, Those which);

  limits how_;
  std::deque<std::string> own_; ///< Berth's.
  std::size_t own_bytes_ = 0;
  std::map<lease_number, line> lines_;
  std::size_t bytes_ = 0;  ///< That wait in all lines.
  lease_number last_ = 0;  ///< Whose turn it was.
  lease_number heavy_ = 0; ///< Who of the heavy ones has sent last,
  time answer_due_;        ///< and until when the others wait for its answer.
  time all_paid_;          ///< When nobody owes anything any more.
  time pause_until_;       ///< They wait also for what was paid with time.
  std::optional<large> unwritten_; ///< The last: until `next` is asked for.
};

} // namespace berth::cdp

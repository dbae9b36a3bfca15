// Who hears which session of one Chrome, and whose commands are written next.
// Used from several threads. Also included from C++17 files.

#pragma once

#include "cdp/message.hpp"
#include "cdp/send_window.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace berth::cdp {

/// Invariant: a lease is known to the window for as long as one of its sessions
/// is routed, and until it has paid.
class session_routes {
public:
  using time = send_window::time;
  using lease_number = send_window::lease_number;
  using receiver = std::function<void(frame_ptr)>;

  /// Replaces who has heard it so far.
  /// @param lease 0: nobody's.
  void route(std::string session, lease_number lease, receiver heard, time now);

  /// What waits for it is not sent.
  void unroute(const std::string& session, time now);

  /// Nobody hears anything any more.
  void clear();

  /// Another connection: what waits is dropped, and nobody owes anything.
  void begin_anew();

  /// @param in_turn Of an agent; else it is Berth's own, and waits for nobody.
  /// False: too much waits, and `what` is left as it is.
  bool put(outgoing& what, bool in_turn, time now);

  /// See `send_window`.
  bool take_back(uint64_t id);

  struct turn {
    std::optional<std::string> text; ///< To be written now.
    std::optional<time> due;         ///< If there is none: when to ask again.
  };

  turn next(time now);

  struct listener {
    receiver heard;         ///< Null: nobody.
    bool is_leased = false; ///< Others may send, now that this has come.
  };

  /// Whose it is.
  /// @param bytes That Chrome sent; 0: it is an answer of ours.
  listener find(const frame& what, std::size_t bytes, time now);

private:
  struct entry {
    lease_number lease = 0;
    receiver heard;
  };

  void note_left(lease_number whose, time now);

  std::mutex mutex_; ///< Guards what follows.
  std::map<std::string, entry, std::less<>> routes_;
  send_window window_{{}};
};

} // namespace berth::cdp

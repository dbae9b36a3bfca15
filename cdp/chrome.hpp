// One Chrome as the browser actor reaches it: the real ones are in
// cdp/transport, a fake one in tests/support. Also included from files that
// are compiled as C++17, because of websocketpp.

#pragma once

#include "cdp/envelope.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace berth::cdp {

/// The connection stands and takes messages.
struct chrome_started {
  std::string product;     ///< "Chrome/156.0.8078.79"
  std::string endpoint;    ///< Of an attached one: its ws:// address.
  int64_t pid = 0;         ///< 0 for an attached Chrome.
  bool ran_before = false; ///< It was let go before, with tabs in it.
};

enum class chrome_end : uint8_t {
  not_started,     ///< No program, no answer within the time.
  fell,            ///< Its process ended before it answered.
  unreachable,     ///< Attached: nothing answers at that address.
  connection_lost, ///< The connection broke; the process may live or not.
  stopped,         ///< We asked for it.
};

/// It cannot be used (any more). Comes exactly once for every `start`.
struct chrome_ended {
  chrome_end cause = chrome_end::not_started;
  std::string detail; ///< For people: the exit status, the last of stderr.
};

/// What one hears of a Chrome. Called on a thread of the transport's own, one
/// at a time, in order; must not block.
struct chrome_listener {
  std::function<void(chrome_started)> started;
  std::function<void(frame_ptr)> heard;
  std::function<void(chrome_ended)> ended;
};

/// One run of one Chrome, or of one connection to an attached one. Every
/// member may be called from any thread; none blocks.
class chrome {
public:
  virtual ~chrome() = default;

  /// Launches or connects. Called once.
  virtual void start(chrome_listener listener) = 0;

  /// Sends one CDP message. Silently dropped after `ended`: the caller hears
  /// of the end and fails its calls itself.
  virtual void send(std::string message) = 0;

  /// The same for what an agent wants: leases take turns (`send_window`).
  virtual void send_in_turn(std::string message) {
    send(std::move(message));
  }

  /// This call is not to be sent any more. False: it was sent.
  virtual bool take_back(uint64_t) {
    return false;
  }

  /// From now on messages of this attachment go to `heard` instead of the
  /// listener. The browser actor sets it while the attachment is still
  /// paused, so nothing is missed in between.
  /// @param lease Whose it is, when it comes to turns.
  virtual void route(std::string session, uint64_t lease,
                     std::function<void(frame_ptr)> heard)
    = 0;

  /// What waits for this attachment is not sent any more.
  virtual void unroute(const std::string& session) = 0;

  /// A managed Chrome is asked to close, then killed with all its children
  /// after `patience`; an attached one is only let go. Then `ended(stopped)`.
  virtual void stop(std::chrono::milliseconds patience) = 0;

  /// Nothing more is sent or told; Chrome stays, for the next one to find.
  virtual void let_go() = 0;

  // -- of managed ones alone. These may take milliseconds.

  /// Bytes that it uses with all its processes; 0: not known.
  virtual uint64_t memory() const {
    return 0;
  }

  /// How long its main thread has wanted a processor since it was started,
  /// whether or not it got one; none: not known.
  virtual std::optional<std::chrono::nanoseconds> effort() const {
    return std::nullopt;
  }

  /// Before `start`: moves the profile out of the way. Returns where to; empty
  /// if it is not ours, is not there, or too many are aside already.
  virtual std::string set_profile_aside() {
    return {};
  }

  /// Before `start`: the present one gives way to the one that was set aside.
  virtual void put_profile_back(const std::string&) {
    // nop
  }
};

/// Makes the next run: a Chrome that died is followed by a new object.
using chrome_factory = std::function<std::shared_ptr<chrome>()>;

/// The FIFOs by which a managed Chrome is reached.
struct pipe_names {
  std::string to_chrome;
  std::string from_chrome;
};

/// How to launch a managed Chrome.
struct launch_options {
  std::string program;      ///< Path or name of the executable.
  std::string profile;      ///< Directory, made with mode 0700 if missing.
  bool own_profile = false; ///< Nobody else's: it may be set aside.
  pipe_names pipes;         ///< In a directory that nobody else may enter.
  std::string log;          ///< Where its stderr goes; truncated at start.
  std::string owner;        ///< Marks the process as ours, see `reap`.
  /// Whether the owner is this process still: else nothing is done to Chrome.
  std::function<bool()> ours = [] {
    return true;
  };
  bool headless = true;
  bool sandbox = true; ///< False adds --no-sandbox: only as root.
  std::vector<std::string> extra_flags;
  std::chrono::milliseconds start_within{20000};
  std::size_t message_max = std::size_t{256} << 20;
};

/// How to reach a Chrome that is already there.
struct attach_options {
  std::string url; ///< http://host:port or ws://host:port/devtools/browser/...
  std::chrono::milliseconds connect_within{5000};
  std::size_t message_max = std::size_t{256} << 20;
};

} // namespace berth::cdp

// What a client knows of each request before it sends it: how long an answer
// may take, which lease it speaks for, and how large it is.

#pragma once

#include "actors/interfaces.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace berth::client {

namespace words = berth::protocol;

/// The way there and back, on a busy machine.
inline constexpr words::duration way_max = std::chrono::seconds{10};

/// A tab may have to be made, in a browser that may have to be started, and
/// written down on a slow disk. Longer than the daemon takes at most with its
/// own defaults (`open_lease_within`): who gives up first leaves a lease
/// behind.
inline constexpr words::duration tab_made_within = std::chrono::seconds{120};

/// What must be written down takes as long as a slow disk does, and then a tab
/// that hangs may have to be closed.
inline constexpr words::duration ended_within = std::chrono::minutes{4};

/// What a command may take if it does not say so: the daemon's own default
/// decides, and this is the longest that it may be set to.
inline constexpr words::duration command_max = std::chrono::minutes{10};

template <class Request>
constexpr bool is_command = requires(const Request& x) {
  x.to.within;
};

inline constexpr words::duration answered_within = std::chrono::hours{24};

/// What is added to must be what a clock can hold.
inline words::duration bounded(words::duration x) {
  return std::clamp(x, words::duration::zero(), answered_within);
}

/// After this long no answer will come. The daemon answers sooner by itself:
/// this is for a daemon that hangs.
template <class Request>
words::duration patience(const Request& what) {
  if constexpr (is_command<Request>) {
    auto within
      = what.to.within > words::duration::zero() ? what.to.within : command_max;
    return bounded(within) + way_max;
  }
  return way_max;
}

inline words::duration patience(const words::acquire& what) {
  return bounded(what.wait) + tab_made_within + way_max;
}

/// It may wait for its turn, and then for a long answer. That the daemon lives
/// is shown by the connection.
inline words::duration patience(const words::send_prompt& what) {
  return what.until == words::wait_until::accepted ? way_max : answered_within;
}

inline words::duration patience(const words::poll_run& what) {
  return bounded(what.wait) + way_max;
}

/// A Chrome may have to end, and another one to start, as slowly as they may.
inline words::duration patience(const words::change_browser&) {
  return command_max;
}

inline words::duration patience(const words::add_browser& what) {
  return std::max(bounded(what.start_within), command_max) + tab_made_within;
}

/// Another ttl is written down first, on a disk that may be slow.
inline words::duration patience(const words::renew_lease& what) {
  return what.ttl > words::duration::zero() ? ended_within : way_max;
}

inline words::duration patience(const words::release_lease&) {
  return ended_within;
}

inline words::duration patience(const words::revoke_lease&) {
  return ended_within;
}

/// Which lease a refusal would tell about.
template <class Request>
std::optional<words::lease_ref> lease_of(const Request& what) {
  if constexpr (is_command<Request>)
    return what.to.lease.ref;
  else
    return std::nullopt;
}

inline std::optional<words::lease_ref>
lease_of(const words::renew_lease& what) {
  return what.lease.ref;
}

/// Bytes of the texts that may be large.
template <class Request>
size_t size_of(const Request&) {
  return 0;
}

inline size_t size_of(const words::evaluate& what) {
  return what.expression.size();
}

inline size_t size_of(const words::type_text& what) {
  return what.text.size();
}

inline size_t size_of(const words::send_prompt& what) {
  return what.what.text.size();
}

inline size_t size_of(const words::navigate& what) {
  return what.url.size();
}

inline size_t size_of(const words::wait_for& what) {
  return what.what.size();
}

inline size_t size_of(const words::call_cdp& what) {
  return what.params.size();
}

/// The daemon says that this lease is over for whoever shows this credential.
inline bool ends_lease(const words::failure& why) {
  return why.code == words::errc::stale_token
         || why.code == words::errc::wrong_credential
         || why.code == words::errc::lease_gone;
}

} // namespace berth::client

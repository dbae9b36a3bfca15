// How somebody who wants a state directory gets it, or learns whose it is.

#pragma once

#include "actors/state_dir.hpp"
#include "protocol/config.hpp"

#include <functional>
#include <optional>
#include <string>

namespace berth::actors {

struct claim {
  std::optional<state_dir> mine;      ///< None: there is an owner that serves.
  std::optional<daemon_record> owner; ///< That one; or whom it was taken from.
  /// Whoever it was taken from is still connected with its Chromes, which wait
  /// for it with every new tab: they are of no use.
  bool connected = false;

  /// From an owner that lives.
  bool taken_over() const {
    return mine && owner;
  }
};

/// Waits until one or the other is certain. Fails with `daemon.unreachable` (an
/// owner that neither serves nor can be replaced), `daemon.stopping`
/// (`stop_requested` returned true), `request.invalid` (no such directory can
/// be made); or with what `may_start` says: it is asked before an owner is
/// replaced by a start that could only fail.
protocol::outcome<claim> claim_directory(
  const std::string& path, const protocol::config& how,
  const std::function<bool()>& stop_requested,
  const std::function<std::optional<protocol::failure>()>& may_start);

} // namespace berth::actors

#pragma once

#include "actors/state_dir.hpp"
#include "protocol/browser.hpp"
#include "protocol/config.hpp"

#include <mutex>
#include <string>

namespace berth::actors {

/// What this daemon says of itself in its state directory, so that programs and
/// the next daemon find it. Each member may be called from any thread, and may
/// wait for the disk.
class own_record {
public:
  /// @param where Outlives this object.
  own_record(state_dir& where, const protocol::config& how) : where_{where} {
    written_.settings = changed_options(how);
  }

  /// That it starts. False: that cannot be written down.
  bool starts();

  /// That it serves there. False: that cannot be written down, and nobody
  /// would find it.
  bool serves(uint16_t port, const std::string& host,
              const protocol::browser_view& chrome, uint64_t epoch);

  /// How it is, if that has changed since it was last written down.
  void note(const protocol::browser_view& chrome, uint64_t epoch);

  /// As it is written down.
  daemon_record written() const;

private:
  mutable std::mutex mutex_; ///< Guards what follows.
  state_dir& where_;
  daemon_record written_ = describe_self();
};

} // namespace berth::actors

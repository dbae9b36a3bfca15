// What a daemon keeps in its state directory: who owns it, the epoch, and how
// to reach it. One daemon per directory.

#pragma once

#include "actors/runtime.hpp"

#include <cstdint>
#include <string>

namespace berth::actors {

/// The directory, owned by this process for as long as this lives: by a lock
/// of the operating system, which dies with the process.
class state_dir {
public:
  /// Makes the directory (0700) if it is missing and takes it. Fails with
  /// `request.invalid`: cannot be made, or another daemon owns it.
  static protocol::outcome<state_dir> own(const std::string& path);

  state_dir(state_dir&& other) noexcept;
  state_dir& operator=(state_dir&& other) noexcept;
  ~state_dir();

  const std::string& path() const {
    return path_;
  }

  /// The last epoch that was kept here: it outlives a journal that is lost.
  uint64_t last_epoch() const;

  /// The port of the last daemon, if it did not end in peace; else 0.
  uint16_t last_port() const;

  /// Durable when it returns true.
  bool keep_epoch(uint64_t x) const;

  /// Writes down how to reach this daemon; removed again with this object.
  bool announce(const daemon_record& what) const;

private:
  state_dir(std::string path, int lock);

  std::string path_;
  int lock_ = -1;
};

} // namespace berth::actors

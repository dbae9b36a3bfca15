// What a daemon keeps in its state directory: who owns it, the epoch, and how
// to reach it. One daemon per directory.

#pragma once

#include "actors/daemon_record.hpp"
#include "actors/runtime.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace berth::actors {

/// The directory, owned by this process: by a lock of the operating system,
/// which dies with the process. It is the lock on whatever file is called
/// `lock`: whoever takes over puts another file there, and a process that was
/// stopped meanwhile finds its own gone (`is_ours`).
class state_dir {
public:
  /// Makes the directory (0700) if it is missing and takes it. None: somebody
  /// else owns it. Fails with `request.invalid`: it cannot be made, or is not
  /// this user's alone; one that exists is never changed.
  static protocol::outcome<std::optional<state_dir>>
  try_own(const std::string& path);

  /// The same, but fails with `request.invalid` if somebody else owns it.
  static protocol::outcome<state_dir> own(const std::string& path);

  /// Takes it from this owner, which lives and does not answer. None: it is not
  /// the owner any more, or another one takes over just now.
  static protocol::outcome<std::optional<state_dir>>
  take_over(const std::string& path, const daemon_record& from);

  state_dir(state_dir&& other) noexcept;
  state_dir& operator=(state_dir&& other) noexcept;
  ~state_dir();

  const std::string& path() const {
    return path_;
  }

  /// False, and never true again, once another process has taken over.
  bool is_ours() const;

  /// Who was written down here before, if it did not end in peace.
  const std::optional<daemon_record>& previous() const {
    return previous_;
  }

  /// The last epoch that was kept here: it outlives a journal that is lost.
  uint64_t last_epoch() const;

  /// Durable when it returns true.
  bool keep_epoch(uint64_t x) const;

  /// What to say if it did not.
  protocol::failure epoch_trouble() const;

  /// Whether a record is there, of whomever.
  bool is_announced() const;

  /// Writes down how to reach this daemon, and how it is; removed again with
  /// this object. As long as no port was told, what was there before is put
  /// back instead. Nothing is written once the directory is another's.
  bool announce(const daemon_record& what);

private:
  state_dir(std::string path, int lock);

  std::string path_;
  int lock_ = -1;
  std::optional<daemon_record> previous_;
  bool announced_ = false; ///< With a port.
  bool written_ = false;   ///< Without one at least.
};

} // namespace berth::actors

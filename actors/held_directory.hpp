#pragma once

#include "protocol/outcome.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace berth::actors {

/// A directory that stays the one that it was when it was opened, whatever its
/// name leads to later: who may write beside it may put a link in its place.
class held_directory {
public:
  /// Null: there is no such directory.
  static std::shared_ptr<held_directory> open(const std::string& path);

  ~held_directory();
  held_directory(const held_directory&) = delete;
  held_directory& operator=(const held_directory&) = delete;

  /// Where it is now, without links; empty if it is nowhere any more.
  std::string path() const;

  /// Moves the file here, as `report.pdf`, or as `report (1).pdf` if that is
  /// taken: nothing is replaced. Returns its name here; none: it is where it
  /// was, and can only be copied.
  /// @param name Without a directory.
  protocol::outcome<std::optional<std::string>>
  move(const std::filesystem::path& from, const std::string& name) const;

  /// The same, and removes it there. Takes as long as the file is large.
  protocol::outcome<std::string>
  copy(const std::filesystem::path& from, const std::string& name) const;

private:
  explicit held_directory(int fd) : fd_{fd} {
    // nop
  }

  int fd_;
};

} // namespace berth::actors

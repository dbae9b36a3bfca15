#pragma once

#include "protocol/outcome.hpp"

#include <filesystem>
#include <memory>
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
  /// taken: nothing is replaced. Across file systems it is copied, which takes
  /// as long as the file is large. Returns its name here.
  /// @param name Without a directory.
  protocol::outcome<std::string>
  take(const std::filesystem::path& from, const std::string& name) const;

  /// Whether `take` would copy.
  bool is_elsewhere(const std::filesystem::path& from) const;

private:
  explicit held_directory(int fd) : fd_{fd} {
    // nop
  }

  int fd_;
};

} // namespace berth::actors

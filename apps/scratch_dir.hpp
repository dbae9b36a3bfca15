#pragma once

#include "protocol/outcome.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

namespace berth::apps {

/// A directory of our own among the temporary ones, gone with this object.
class scratch_dir {
public:
  static protocol::outcome<scratch_dir> make() {
    using namespace protocol;
    std::error_code failed;
    auto base = std::filesystem::temp_directory_path(failed).string();
    auto path = base + "/berth-" + std::string(6, 'X'); // For mkdtemp to fill.
    if (failed || !::mkdtemp(path.data()))
      return fail(errc::invalid_argument,
                  "No directory can be made in the temporary one ("
                    + (failed ? failed.message() : base)
                    + "). TMPDIR says which that is.");
    return scratch_dir{path};
  }

  scratch_dir(scratch_dir&& x) noexcept : path_{std::exchange(x.path_, {})} {
    // nop
  }

  scratch_dir& operator=(scratch_dir&& x) noexcept {
    std::swap(path_, x.path_);
    return *this;
  }

  ~scratch_dir() {
    std::error_code unseen;
    if (!path_.empty())
      std::filesystem::remove_all(path_, unseen);
  }

  const std::string& path() const {
    return path_;
  }

private:
  explicit scratch_dir(std::string path) : path_{std::move(path)} {
    // nop
  }

  std::string path_;
};

} // namespace berth::apps

#include "cdp/transport/profile.hpp"

#include <filesystem>
#include <fstream>

namespace berth::cdp {

namespace {

namespace fs = std::filesystem;

constexpr int aside_max = 3;

std::string note_of(const std::string& aside) {
  return aside + ".txt";
}

} // namespace

std::string move_aside(const std::string& profile) {
  std::error_code failed;
  for (int i = 1; i <= aside_max; ++i) {
    auto to = profile + ".aside-" + std::to_string(i);
    if (fs::exists(to, failed))
      continue;
    fs::rename(profile, to, failed);
    if (failed)
      return {};
    std::ofstream{note_of(to)}
      << "Chrome ended twice as soon as it was started with this profile.\n"
         "To have it back: stop the daemon, and move the directory to\n"
      << profile << "\n";
    return to;
  }
  return {};
}

void move_back(const std::string& from, const std::string& profile) {
  std::error_code failed;
  if (from.empty() || !fs::is_directory(from, failed))
    return;
  fs::remove_all(profile, failed);
  fs::rename(from, profile, failed);
  if (!failed)
    fs::remove(note_of(from), failed);
}

} // namespace berth::cdp

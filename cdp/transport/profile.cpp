#include "cdp/transport/profile.hpp"

#include <filesystem>
#include <fstream>

namespace berth::cdp {

namespace {

namespace fs = std::filesystem;

constexpr int aside_max = 3;

constexpr const char* port_file = "/DevToolsActivePort";

std::string discarded(const std::string& profile, int number) {
  return profile + ".discarded-" + std::to_string(number);
}

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
  for (int i = 1; i <= aside_max && fs::exists(profile, failed); ++i)
    if (auto to = discarded(profile, i); !fs::exists(to, failed))
      fs::rename(profile, to, failed);
  fs::remove_all(profile, failed); // It is there if that many are discarded.
  fs::rename(from, profile, failed);
  if (!failed)
    fs::remove(note_of(from), failed);
}

void remove_discarded(const std::string& profile) {
  std::error_code unseen;
  for (int i = 1; i <= aside_max; ++i)
    fs::remove_all(discarded(profile, i), unseen);
}

std::optional<std::string> debugging_address(const std::string& profile) {
  std::ifstream in{profile + port_file};
  std::string port, path;
  if (!std::getline(in, port) || !std::getline(in, path) || port.empty()
      || path.rfind("/devtools/browser/", 0) != 0)
    return std::nullopt;
  return "ws://127.0.0.1:" + port + path;
}

void forget_debugging_address(const std::string& profile) {
  std::error_code unseen;
  fs::remove(profile + port_file, unseen);
}

} // namespace berth::cdp

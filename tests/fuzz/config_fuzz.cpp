// A settings file, and each of its lines as a flag and as a duration.

#include "apps/settings.hpp"

#include "tests/fuzz/target.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace berth::fuzz {

namespace {

/// Of this process; `load_settings` reads files only.
const std::string& scratch() {
  static const auto path = (std::filesystem::temp_directory_path()
                            / ("berth-fuzz-" + std::to_string(::getpid())))
                             .string();
  return path;
}

void try_line(const std::string& line) {
  auto at = line.find('=');
  auto text = at == std::string::npos ? line : line.substr(at + 1);
  if (auto read = protocol::parse_duration(text);
      read && protocol::parse_duration(protocol::to_string(*read)) > read)
    std::abort();
  protocol::config some;
  if (at == std::string::npos)
    return;
  auto name = line.substr(0, at);
  if (!protocol::set_option(some, name, text))
    protocol::get_option(some, name);
  protocol::validate(some);
  protocol::parse_lease_ref(text);
}

} // namespace

void try_input(std::string_view text) {
  std::ofstream{scratch(), std::ios::binary} << text;
  auto read = apps::load_settings(scratch(), {});
  std::filesystem::remove(scratch());
  for (const auto& x : protocol::options())
    protocol::get_option(read.how, x.name);
  std::istringstream lines{std::string{text}};
  size_t left = 64;
  for (std::string line; left-- > 0 && std::getline(lines, line);)
    try_line(line);
}

} // namespace berth::fuzz

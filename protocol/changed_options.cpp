// What a daemon has that is not the default, and what another wants beside.

#include "protocol/config.hpp"

namespace berth::protocol {

std::map<std::string, std::string> changed_options(const config& x) {
  std::map<std::string, std::string> result;
  for (const auto& option : options()) {
    auto now = get_option(x, option.name);
    if (now && now != get_option({}, option.name))
      result.emplace(option.name, *now);
  }
  return result;
}

std::map<std::string, std::string>
options_not_in_force(const config& wanted,
                     const std::map<std::string, std::string>& changed) {
  std::map<std::string, std::string> result;
  for (const auto& [name, value] : changed_options(wanted)) {
    if (name == "state_dir" || name == "door.port" || name == "door.host")
      continue;
    auto theirs = changed.find(name);
    auto has = theirs == changed.end() ? get_option({}, name).value_or("")
                                       : theirs->second;
    if (has != value)
      result.emplace(name, has);
  }
  return result;
}

} // namespace berth::protocol

#include "scenarios/faults.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace berth::scenarios {

std::string flag_of(const fault& x) {
  std::string result{x.name};
  for (auto& c : result)
    c = c == ' ' ? '-' : static_cast<char>(std::tolower(c));
  return result;
}

std::optional<std::vector<fault>>
find_faults(const std::string& list, std::string& unknown) {
  if (list == "all")
    return std::vector<fault>{all_faults.begin(), all_faults.end()};
  std::vector<fault> result;
  if (list == "none")
    return result;
  std::istringstream words{list};
  for (std::string word; std::getline(words, word, ',');) {
    auto i = std::ranges::find(all_faults, word, flag_of);
    if (i == all_faults.end()) {
      unknown = word;
      return std::nullopt;
    }
    result.push_back(*i);
  }
  return result;
}

} // namespace berth::scenarios

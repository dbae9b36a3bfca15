#include "cdp/transport/real_chrome.hpp"

#include <cstdlib>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::cdp {

std::string find_chrome() {
  for (auto name : {"chromium", "chromium-browser", "google-chrome",
                    "google-chrome-stable"})
    if (auto file = find_program(name); !file.empty())
      return file;
  return {};
}

std::string find_program(const std::string& name) {
  auto runs = [](const std::string& file) {
    struct stat seen {};
    return ::stat(file.c_str(), &seen) == 0 && S_ISREG(seen.st_mode)
           && ::access(file.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos)
    return runs(name) ? name : "";
  auto path = std::getenv("PATH");
  std::istringstream folders{path ? path : "/usr/bin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    if (auto file = folder + "/" + name; runs(file))
      return file;
  return {};
}

} // namespace berth::cdp

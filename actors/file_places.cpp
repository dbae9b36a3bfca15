#include "actors/file_places.hpp"

#include "actors/runtime.hpp"
#include "cdp/upload_policy.hpp"

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

namespace berth::actors {

namespace {

namespace fs = std::filesystem;

/// Where it really is; empty if there is nothing.
std::string resolved(const fs::path& path) {
  std::error_code failed;
  auto result = fs::canonical(path, failed);
  return failed ? "" : result.string();
}

/// Those that are configured, or else of the user's own files. A home of `/` is
/// none.
std::vector<std::string> places(const protocol::config& how) {
  std::error_code failed;
  auto result = how.upload.dirs;
  if (result.empty()) {
    result.push_back(fs::temp_directory_path(failed).string());
    if (auto home = std::getenv("HOME"); home && std::string_view{home} != "/")
      result.emplace_back(home);
  }
  for (auto& x : result)
    x = resolved(x);
  std::erase(result, "");
  return result;
}

} // namespace

std::string refuse_place(const std::string& real, const protocol::config& how) {
  std::vector<std::string> never{resolved(state_dir_of(how))};
  for (const auto& browser : browsers_of(how))
    if (!browser.profile.empty())
      never.push_back(resolved(browser.profile));
  std::erase(never, "");
  return cdp::refuse_upload(real, places(how), never);
}

} // namespace berth::actors

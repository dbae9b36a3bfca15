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

/// The state directory of this daemon, or of another one of the same user; or
/// a key of ours by another name.
std::string owners_of(const fs::path& real, const fs::path& state) {
  std::error_code failed;
  for (auto dir = real; dir.has_relative_path(); dir = dir.parent_path())
    if (fs::exists(dir / "operator.key", failed))
      return dir.string();
  for (auto key : {"operator.key", "lease.key"})
    if (fs::equivalent(real, state / key, failed))
      return real.string();
  return {};
}

} // namespace

std::string refuse_place(const std::string& real, const protocol::config& how) {
  auto state = resolved(state_dir_of(how));
  std::vector<std::string> never{state, owners_of(real, state)};
  for (const auto& browser : browsers_of(how))
    if (!browser.profile.empty())
      never.push_back(resolved(browser.profile));
  std::erase(never, "");
  return cdp::refuse_upload(real, places(how), never);
}

} // namespace berth::actors

#include "actors/file_places.hpp"

#include "actors/runtime.hpp"
#include "cdp/upload_policy.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
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

/// Those that are configured, or else of the user's own files, as they are
/// called. A home of `/` is none.
std::vector<std::string> named_places(const protocol::config& how) {
  std::error_code failed;
  auto result = how.upload.dirs;
  if (result.empty()) {
    result.push_back(fs::temp_directory_path(failed).string());
    if (auto home = std::getenv("HOME"); home && std::string_view{home} != "/")
      result.emplace_back(home);
  }
  return result;
}

std::vector<std::string> places(const protocol::config& how) {
  auto result = named_places(how);
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

std::string refuse_name(const std::string& path, const protocol::config& how) {
  auto dirs = places(how);
  std::ranges::move(named_places(how), std::back_inserter(dirs));
  return cdp::refuse_upload(fs::path{path}.lexically_normal().string(), dirs,
                            {});
}

std::string refuse_changeable(const std::string& real) {
  auto is_ours = [](uid_t whose) {
    return whose == 0 || whose == ::geteuid();
  };
  for (fs::path at{real}; at.has_relative_path(); at = at.parent_path()) {
    struct stat seen {};
    struct stat above {};
    if (::lstat(at.c_str(), &seen) != 0
        || ::lstat(at.parent_path().c_str(), &above) != 0)
      return "'" + at.string() + "' cannot be looked at.";
    bool by_all = (above.st_mode & S_IWOTH) != 0;
    bool by_group
      = (above.st_mode & S_IWGRP) != 0 && above.st_gid != ::getegid();
    bool is_sticky = (above.st_mode & S_ISVTX) != 0;
    // In such a directory each may change what is its own.
    bool may_be_replaced
      = is_sticky ? !is_ours(seen.st_uid) : by_all || by_group;
    if (may_be_replaced || !is_ours(above.st_uid))
      return "'" + real + "' can be replaced by another user, who may change '"
             + at.parent_path().string() + "'.";
  }
  return {};
}

} // namespace berth::actors

#include "actors/chrome_choice.hpp"

#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/chrome_trial.hpp"
#include "cdp/transport/private_path.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <unistd.h>
#include <utility>

namespace berth::actors {

using namespace protocol;

namespace {

std::chrono::milliseconds to_ms(duration x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

failure no_chrome() {
  return fail(errc::browser_unavailable,
              "No Chromium or Chrome was found on PATH. Install one "
              "(Debian: apt-get install chromium) or set browser.program.");
}

/// A Chrome with another profile is another one: its pipes must not take the
/// place of those of one that still runs.
std::string mark_of(const browser_settings& how) {
  return how.profile.empty()
           ? ""
           : "-" + std::to_string(std::hash<std::string>{}(how.profile));
}

std::optional<failure>
obstacle(const browser_settings& how, const std::string& state_dir) {
  if (!how.url.empty())
    return std::nullopt;
  if (how.program.empty() && cdp::find_chrome().empty())
    return no_chrome();
  std::error_code unseen;
  if (!how.program.empty() && cdp::find_program(how.program).empty())
    return fail(errc::browser_unavailable,
                "browser.program '" + how.program + "' cannot be run: "
                  + (std::filesystem::exists(how.program, unseen)
                       ? "it is not an executable file"
                       : "there is no such program")
                  + ". Correct the setting, or leave it empty to find Chromium "
                    "on PATH.");
  auto profile = profile_of(how, state_dir);
  if (auto why = cdp::private_dir("The profile directory", profile);
      !why.empty())
    return fail(errc::invalid_argument, why);
  return std::nullopt;
}

std::string
files_of(const browser_settings& how, const std::string& state_dir) {
  bool only_one = how.name == browser_settings{}.name;
  return state_dir + "/chrome" + (only_one ? "" : "-" + how.name.value);
}

cdp::pipe_names
pipes_of(const browser_settings& how, const std::string& state_dir) {
  auto files = files_of(how, state_dir) + mark_of(how);
  return {files + ".in", files + ".out"};
}

} // namespace

std::optional<failure>
chrome_obstacle(const config& how, const std::string& state_dir) {
  for (const auto& x : browsers_of(how))
    if (auto why = obstacle(x, state_dir))
      return why;
  return std::nullopt;
}

outcome<cdp::chrome_factory>
choose_chrome(const browser_settings& how, const std::string& state_dir,
              const std::shared_ptr<cdp::io_loop>& loop,
              std::function<bool()> ours) {
  if (!how.url.empty()) {
    cdp::attach_options options;
    options.url = how.url;
    options.connect_within = to_ms(how.start_within);
    return cdp::chrome_factory{[=] {
      return cdp::attached_chrome(loop, options);
    }};
  }
  cdp::launch_options options;
  options.program = how.program.empty() ? cdp::find_chrome() : how.program;
  if (options.program.empty())
    return no_chrome();
  options.profile = profile_of(how, state_dir);
  options.own_profile = how.profile.empty();
  options.log = files_of(how, state_dir) + ".log";
  options.pipes = pipes_of(how, state_dir);
  options.owner = state_dir;
  options.ours = std::move(ours);
  options.headless = how.headless;
  options.sandbox = ::geteuid() != 0;
  options.extra_flags = how.flags;
  options.start_within = to_ms(how.start_within);
  return cdp::chrome_factory{[=] {
    return cdp::managed_chrome(loop, options);
  }};
}

void end_unconfigured_chromes(const config& how, const std::string& state_dir) {
  auto all = browsers_of(how);
  for (const auto& profile : cdp::profiles_of(state_dir)) {
    // One that is tried out now has an empty profile.
    auto is_its = [&](const browser_settings& x) {
      return x.url.empty()
             && (profile_of(x, state_dir) == profile
                 || cdp::is_of_trial(profile, pipes_of(x, state_dir)));
    };
    if (std::ranges::none_of(all, is_its))
      cdp::reap_orphan_chromes(state_dir, profile);
  }
}

} // namespace berth::actors

#include "cdp/transport/chrome_trial.hpp"

#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace berth::cdp {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds ends_within{1};

/// Beside the pipes, where nothing is anybody else's; and of each browser its
/// own.
std::string place_of(const pipe_names& pipes) {
  return pipes.to_chrome + ".trial-";
}

} // namespace

std::shared_ptr<chrome>
try_launch(const std::shared_ptr<io_loop>& loop, launch_options how,
           std::function<void(std::optional<chrome_ended>)> then) {
  auto made = place_of(how.pipes) + "XXXXXX";
  if (!::mkdtemp(made.data())) {
    loop->post([then = std::move(then), made, why = errno] {
      then(chrome_ended{chrome_end::not_started,
                        "'" + made + "' cannot be made: " + std::strerror(why)
                          + "."});
    });
    return nullptr;
  }
  how.profile = made + "/profile";
  how.pipes = {made + "/in", made + "/out"};
  how.log = made + "/log";
  how.own_profile = true;
  auto result = managed_chrome(loop, how);
  auto starts = std::make_shared<bool>(false);
  chrome_listener listener;
  listener.started
    = [starts, weak = std::weak_ptr<chrome>{result}](const chrome_started&) {
        *starts = true;
        if (auto it = weak.lock())
          it->stop(ends_within);
      };
  listener.ended
    = [loop, made, starts, then = std::move(then)](chrome_ended why) {
        loop->on_disk([made] {
          std::error_code unseen;
          fs::remove_all(made, unseen);
        });
        then(*starts ? std::nullopt : std::optional{std::move(why)});
      };
  result->start(std::move(listener));
  return result;
}

bool is_of_trial(const std::string& profile, const pipe_names& pipes) {
  return profile.rfind(place_of(pipes), 0) == 0;
}

void remove_trials(const launch_options& how) {
  // Whoever writes there still would make it anew.
  for (const auto& profile : profiles_of(how.owner))
    if (is_of_trial(profile, how.pipes))
      reap_orphan_chromes(how.owner, profile);
  std::error_code unseen;
  auto place = place_of(how.pipes);
  fs::directory_iterator at{fs::path{place}.parent_path(), unseen};
  for (; !unseen && at != fs::directory_iterator{}; at.increment(unseen)) {
    std::error_code failed;
    if (at->path().string().rfind(place, 0) == 0)
      fs::remove_all(at->path(), failed);
  }
}

} // namespace berth::cdp

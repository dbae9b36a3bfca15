#include "cdp/transport/chrome_trial.hpp"

#include "cdp/transport/real_chrome.hpp"

#include <filesystem>
#include <utility>

namespace berth::cdp {

namespace {

constexpr std::chrono::seconds ends_within{1};

void remove_traces(const launch_options& how) {
  std::error_code unseen;
  std::filesystem::remove_all(how.profile, unseen);
  for (const auto& file : {how.pipes.to_chrome, how.pipes.from_chrome, how.log})
    std::filesystem::remove(file, unseen);
}

} // namespace

std::shared_ptr<chrome>
try_launch(const std::shared_ptr<io_loop>& loop, launch_options how,
           std::function<void(std::optional<chrome_ended>)> then) {
  for (auto* name :
       {&how.profile, &how.pipes.to_chrome, &how.pipes.from_chrome, &how.log})
    *name += ".trial";
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
  listener.ended = [loop, how = std::move(how), starts,
                    then = std::move(then)](chrome_ended why) {
    // Answered after that: the next trial leaves its own in the same places.
    loop->on_disk([loop, how, starts, then, why = std::move(why)] {
      remove_traces(how);
      loop->post([starts, then, why] {
        then(*starts ? std::nullopt : std::optional{why});
      });
    });
  };
  result->start(std::move(listener));
  return result;
}

} // namespace berth::cdp

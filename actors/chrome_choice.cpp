#include "actors/chrome_choice.hpp"

#include "cdp/transport/real_chrome.hpp"

#include <chrono>
#include <unistd.h>
#include <utility>

namespace berth::actors {

using namespace protocol;

namespace {

std::chrono::milliseconds to_ms(duration x) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(x);
}

} // namespace

outcome<cdp::chrome_factory>
choose_chrome(const config& how, const std::string& state_dir,
              const std::shared_ptr<cdp::io_loop>& loop,
              std::function<bool()> ours) {
  if (!how.browser.url.empty()) {
    cdp::attach_options options;
    options.url = how.browser.url;
    options.connect_within = to_ms(how.browser.start_within);
    return cdp::chrome_factory{[=] {
      return cdp::attached_chrome(loop, options);
    }};
  }
  cdp::launch_options options;
  options.program
    = how.browser.program.empty() ? cdp::find_chrome() : how.browser.program;
  if (options.program.empty())
    return fail(errc::browser_unavailable,
                "No Chromium or Chrome was found on PATH. Install one "
                "(Debian: apt-get install chromium) or set browser.program.");
  options.profile = state_dir + "/profile";
  options.log = state_dir + "/chrome.log";
  options.owner = state_dir;
  options.ours = std::move(ours);
  options.headless = how.browser.headless;
  options.sandbox = ::geteuid() != 0;
  options.extra_flags = how.browser.flags;
  options.start_within = to_ms(how.browser.start_within);
  return cdp::chrome_factory{[=] {
    return cdp::managed_chrome(loop, options);
  }};
}

} // namespace berth::actors

#include "actors/runtime.hpp"

#include "actors/chrome_choice.hpp"
#include "actors/claim.hpp"
#include "actors/daemon.hpp"

#include <filesystem>

namespace berth {

using namespace actors;
using namespace protocol;

namespace {

namespace fs = std::filesystem;

using namespace std::chrono_literals;

std::string first_line(const std::vector<complaint>& all) {
  std::string result;
  for (const auto& x : all)
    result += (result.empty() ? "" : "; ") + x.field + ": " + x.what;
  return result;
}

} // namespace

struct runtime::impl : actors::daemon {
  using daemon::daemon;
};

outcome<std::variant<runtime, daemon_record>>
runtime::start_or_join(config how, const std::function<bool()>& stop_requested,
                       provider_profiles known, browser_source configured) {
  if (auto wrong = validate(how); !wrong.empty())
    return fail(errc::invalid_argument, first_line(wrong));
  auto path = state_dir_of(how);
  auto got = claim_directory(path, how, stop_requested, [&] {
    return chrome_obstacle(how, path);
  });
  if (!got)
    return got.error();
  if (!got->mine)
    return std::variant<runtime, daemon_record>{*got->owner};
  auto made = std::make_unique<impl>(std::move(how), std::move(*got),
                                     std::move(known), std::move(configured));
  if (auto why = made->start(stop_requested))
    return *why;
  return std::variant<runtime, daemon_record>{runtime{std::move(made)}};
}

outcome<runtime>
runtime::start(config how, const std::function<bool()>& stop_requested,
               provider_profiles known) {
  auto got = start_or_join(std::move(how), stop_requested, std::move(known));
  if (!got)
    return got.error();
  if (auto owner = std::get_if<daemon_record>(&*got))
    return fail(errc::invalid_argument,
                "The state directory belongs to " + describe(*owner) + ".");
  return std::get<runtime>(std::move(*got));
}

runtime::runtime(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

runtime::runtime(runtime&&) noexcept = default;
runtime& runtime::operator=(runtime&&) noexcept = default;
runtime::~runtime() = default;

uint16_t runtime::port() const {
  return impl_->began_as().port;
}

const std::string& runtime::state_dir() const {
  return impl_->state_path();
}

uint64_t runtime::epoch() const {
  return impl_->began_as().epoch;
}

const std::string& runtime::browser() const {
  return impl_->began_as().browser;
}

uint64_t runtime::looks() const {
  return impl_->looks();
}

std::string runtime::wait(const std::function<bool()>& stop_requested) {
  while (!stop_requested())
    if (auto why = impl_->ended(100ms))
      return why->what;
  return {};
}

void runtime::stop() {
  impl_->stop();
}

const char* version() {
  return BERTH_VERSION;
}

} // namespace berth

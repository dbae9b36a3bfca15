#include "protocol/config.hpp"

#include "protocol/option_text.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace berth::protocol {

namespace {

/// Of any setting. Some are added up, and to the time of day.
constexpr duration time_max = std::chrono::hours{365 * 24};

class judge {
public:
  explicit judge(const config& x) : x_{x} {
    // nop
  }

  void at_least_one(const char* field) {
    auto text = get_option(x_, field).value_or("");
    if (text == "0" || text == "0s")
      complain(field, "must be more than 0.");
  }

  /// What is added to an instant must be what a clock can hold.
  void is_time(const char* field) {
    auto text = get_option(x_, field).value_or("");
    if (text.starts_with('-'))
      complain(field, "is " + text + ", which is less than 0.");
    else if (parse_duration(text).value_or(duration::max()) > time_max)
      complain(field, "is " + text + "; a time may be at most "
                        + to_string(time_max) + ".");
  }

  /// `small` may not be over `large`.
  template <class T>
  void
  ordered(const char* small, const T& value, const char* large, const T& most) {
    if (value > most)
      complain(small, "is " + get_option(x_, small).value_or("")
                        + ", which is over " + large + ", "
                        + get_option(x_, large).value_or("") + ".");
  }

  void complain(std::string field, std::string what) {
    found_.push_back({std::move(field), std::move(what)});
  }

  std::vector<complaint> found() && {
    return std::move(found_);
  }

private:
  const config& x_;
  std::vector<complaint> found_;
};

/// As for all browsers, so for each: these are its own.
bool is_of_browser(const option& x) {
  return std::string_view{x.name}.starts_with("browser.");
}

bool is_time(const option& x) {
  return std::string_view{x.kind} == "time";
}

constexpr std::array<const char*, 27> counted{"events_kept",
                                              "journal.audit_max",
                                              "door.heartbeat",
                                              "door.clients_max",
                                              "door.message_max",
                                              "tab.command_default",
                                              "tab.in_flight_max",
                                              "tab.request_max",
                                              "tab.answer_max",
                                              "tab.probe",
                                              "tab.open_within",
                                              "admission.per_key",
                                              "admission.global",
                                              "admission.waiters_max",
                                              "lease.ttl_default",
                                              "session.sessions_max",
                                              "session.interactive_max",
                                              "session.waiters_max",
                                              "session.runs_kept_max",
                                              "session.prompt_max",
                                              "session.stop_within",
                                              "session.idle_max",
                                              "restart.window",
                                              "quarantine.lasts",
                                              "pulse.within",
                                              "pulse.idle_misses_max",
                                              "pulse.busy_misses_max"};

constexpr std::array<std::string_view, 5> levels{"debug", "info", "warn",
                                                 "error", "off"};

bool is_address(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("ws://");
}

/// In four numbers, or by its name, or the one address of IPv6.
bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "::1")
    return true;
  if (!host.starts_with("127."))
    return false;
  auto numbers = detail::split(host, '.');
  return numbers.size() == 4 && std::ranges::count(host, '.') == 3
         && std::ranges::all_of(numbers, [](const std::string& x) {
              auto value = detail::to_number(x);
              return value && *value < 256;
            });
}

/// No two may have the same name, profile or Chrome.
void compare_browsers(const config& x, judge& all) {
  std::set<std::string> names, places;
  for (const auto& one : browsers_of(x)) {
    if (!names.insert(one.name.value).second)
      all.complain("browser.name",
                   "'" + one.name.value + "' is the name of two browsers.");
    auto place = one.url.empty() ? profile_of(one, x.state_dir) : one.url;
    if (!places.insert(place).second)
      all.complain(one.url.empty() ? "browser.profile" : "browser.url",
                   "'" + place + "' is used by two browsers.");
  }
}

} // namespace

std::vector<browser_settings> browsers_of(const config& x) {
  std::vector<browser_settings> result{x.browser};
  result.insert(result.end(), x.more_browsers.begin(), x.more_browsers.end());
  return result;
}

duration longest_of(const config& x, duration browser_settings::*what) {
  duration result{};
  for (const auto& one : browsers_of(x))
    result = std::max(result, one.*what);
  return result;
}

config config_for(const config& x, const browser_settings& which) {
  auto result = x;
  result.browser = which;
  result.more_browsers.clear();
  auto& caps = result.admission;
  auto own = [](size_t& of_all, size_t mine) {
    if (mine > 0)
      of_all = mine;
  };
  own(caps.per_key, which.per_key);
  own(caps.global, which.global);
  own(caps.tabs, which.tabs);
  return result;
}

std::vector<complaint> validate(const browser_settings& x, const config& with) {
  auto mine = config_for(with, x);
  judge all{mine};
  if (!is_browser_name(x.name))
    all.complain("browser.name", "'" + x.name.value
                                   + "' is not made of 1 to 32 of a-z, 0-9, "
                                     "- and _.");
  if (!x.url.empty() && !is_address(x.url))
    all.complain("browser.url",
                 "'" + x.url + "' does not start with http:// or ws://.");
  for (auto field : {"browser.start_within", "browser.stop_within"})
    all.at_least_one(field);
  for (const auto& field : options())
    if (is_of_browser(field) && is_time(field))
      all.is_time(field.name);
  all.ordered("admission.per_key", mine.admission.per_key, "admission.global",
              mine.admission.global);
  all.ordered("admission.global", mine.admission.global, "admission.tabs",
              mine.admission.tabs);
  for (const auto& [key, cap] : mine.admission.of_key)
    if (cap > mine.admission.global)
      all.complain("admission.keys", "'" + key.value
                                       + "' has a cap over "
                                         "admission.global.");
  auto result = std::move(all).found();
  // Which one it is, unless there is no other.
  if (!with.more_browsers.empty())
    for (auto& wrong : result)
      wrong.what = "browser '" + x.name.value + "': " + wrong.what;
  return result;
}

std::vector<complaint> validate(const config& x) {
  judge all{x};
  for (auto field : counted)
    all.at_least_one(field);
  for (const auto& field : options())
    if (!is_of_browser(field) && is_time(field))
      all.is_time(field.name);
  all.ordered("tab.command_default", x.tab.command_default, "tab.command_max",
              x.tab.command_max);
  all.ordered("lease.ttl_default", x.lease.ttl_default, "lease.ttl_max",
              x.lease.ttl_max);
  all.ordered("restart.backoff_min", x.restart.backoff_min,
              "restart.backoff_max", x.restart.backoff_max);
  if (x.parked.max > 0) // Else none is parked, for whichever key.
    all.ordered("parked.per_key", x.parked.per_key, "parked.max", x.parked.max);
  if (x.journal.size_max < journal_limits::size_least)
    all.complain("journal.size_max", "must be 1MiB at least.");
  if (x.door.heartbeat > x.door.silence_max / 3)
    all.complain("door.silence_max",
                 "must be at least three times door.heartbeat.");
  if (!is_loopback(x.door.host))
    all.complain("door.host", "is '" + x.door.host
                                + "'. Only a loopback address is possible "
                                  "(127.0.0.1, ::1, localhost): there is no "
                                  "TLS yet that could guard another one.");
  if (x.log.size_max < log_settings::size_least)
    all.complain("log.size_max", "must be 64KiB at least.");
  if (x.log.kept > log_settings::kept_most)
    all.complain("log.kept", "may be 100 at most.");
  if (std::ranges::find(levels, x.log_level) == levels.end())
    all.complain("log_level", "'" + x.log_level
                                + "' is not debug, info, warn, error or off.");
  for (const auto& one : browsers_of(x))
    for (auto& wrong : validate(one, x))
      all.complain(std::move(wrong.field), std::move(wrong.what));
  compare_browsers(x, all);
  for (const auto& complaint : validate(x.session.times, x.lease.ttl_max))
    all.complain(complaint.field, complaint.what);
  return std::move(all).found();
}

} // namespace berth::protocol

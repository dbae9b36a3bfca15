#include "protocol/config.hpp"

#include <algorithm>
#include <array>

namespace berth::protocol {

namespace {

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

constexpr std::array<const char*, 25> counted{"events_kept",
                                              "journal.audit_max",
                                              "door.heartbeat",
                                              "door.clients_max",
                                              "door.message_max",
                                              "browser.start_within",
                                              "browser.stop_within",
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
                                              "restart.window"};

constexpr std::array<std::string_view, 5> levels{"debug", "info", "warn",
                                                 "error", "off"};

bool is_address(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("ws://");
}

} // namespace

std::vector<complaint> validate(const config& x) {
  judge all{x};
  for (auto field : counted)
    all.at_least_one(field);
  all.ordered("tab.command_default", x.tab.command_default, "tab.command_max",
              x.tab.command_max);
  all.ordered("admission.per_key", x.admission.per_key, "admission.global",
              x.admission.global);
  all.ordered("admission.global", x.admission.global, "admission.tabs",
              x.admission.tabs);
  all.ordered("lease.ttl_default", x.lease.ttl_default, "lease.ttl_max",
              x.lease.ttl_max);
  all.ordered("restart.backoff_min", x.restart.backoff_min,
              "restart.backoff_max", x.restart.backoff_max);
  if (x.parked.max > 0) // Else none is parked, for whichever key.
    all.ordered("parked.per_key", x.parked.per_key, "parked.max", x.parked.max);
  if (x.journal.size_max < journal_limits::size_least)
    all.complain("journal.size_max", "must be 1MiB at least.");
  for (const auto& [key, cap] : x.admission.of_key)
    if (cap > x.admission.global)
      all.complain("admission.keys", "'" + key.value
                                       + "' has a cap over "
                                         "admission.global.");
  if (3 * x.door.heartbeat > x.door.silence_max)
    all.complain("door.silence_max",
                 "must be at least three times door.heartbeat.");
  if (std::ranges::find(levels, x.log_level) == levels.end())
    all.complain("log_level", "'" + x.log_level
                                + "' is not debug, info, warn, error or off.");
  if (!x.browser.url.empty() && !is_address(x.browser.url))
    all.complain("browser.url", "'" + x.browser.url
                                  + "' does not start with http:// or ws://.");
  for (const auto& complaint : validate(x.session.times, x.lease.ttl_max))
    all.complain(complaint.field, complaint.what);
  return std::move(all).found();
}

} // namespace berth::protocol

#include "protocol/browser.hpp"

#include <algorithm>
#include <cassert>

namespace berth::protocol {

std::string
profile_of(const browser_settings& x, const std::string& state_dir) {
  if (!x.profile.empty())
    return x.profile;
  // Where the only one has always been.
  if (x.name == browser_settings{}.name)
    return state_dir + "/profile";
  return state_dir + "/browsers/" + x.name.value;
}

bool is_on_loopback(std::string_view url) {
  auto at = url.find("://");
  auto scheme = url.substr(0, at == std::string_view::npos ? 0 : at);
  if (scheme != "http" && scheme != "https" && scheme != "ws"
      && scheme != "wss")
    return false;
  url.remove_prefix(at + 3);
  auto host = url.substr(0, url.find_first_of("/?#\\"));
  // What stands before an @ is no host, whatever it looks like.
  if (host.find('@') != std::string_view::npos)
    return false;
  if (host.starts_with("[::1]"))
    return host.size() == 5 || host[5] == ':';
  host = host.substr(0, host.find(':'));
  return host == "localhost"
         || (host.starts_with("127.")
             && host.find_first_not_of("0123456789.")
                  == std::string_view::npos);
}

std::optional<failure>
settle(const add_browser& what, const std::vector<browser_settings>& all,
       browser_settings& out) {
  assert(!all.empty());
  auto own = std::ranges::find(all, what.name, &browser_settings::name);
  out = own == all.end() ? all.front() : *own;
  if (own == all.end()) {
    out.url.clear();
    out.profile.clear();
  }
  out.name = what.name;
  if (!what.url.empty() && !is_on_loopback(what.url))
    return fail(errc::invalid_argument,
                "'" + what.url
                  + "' is not on this machine: a browser is added "
                    "by a loopback url, or is configured.");
  if (!what.url.empty())
    out.url = what.url;
  auto put = [](auto& to, const auto& from) {
    if (from != std::remove_cvref_t<decltype(from)>{})
      to = from;
  };
  put(out.start_within, what.start_within);
  put(out.stop_within, what.stop_within);
  put(out.per_key, what.per_key);
  put(out.global, what.global);
  put(out.tabs, what.tabs);
  put(out.age_max, what.age_max);
  put(out.tabs_made_max, what.tabs_made_max);
  put(out.memory_max, what.memory_max);
  return std::nullopt;
}

bool is_browser_name(const browser_name& x) {
  return !x.value.empty() && x.value.size() <= 32
         && std::ranges::all_of(x.value, [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                     || c == '-' || c == '_';
            });
}

const char* to_string(browser_health x) {
  switch (x) {
    case browser_health::starting:
      return "starting";
    case browser_health::ready:
      return "ready";
    case browser_health::waiting:
      return "waiting";
    case browser_health::stopped:
      return "stopped";
    case browser_health::quarantined:
      return "quarantined";
    case browser_health::silent:
      return "silent";
  }
  return "unknown";
}

const char* to_string(browser_change x) {
  switch (x) {
    case browser_change::drain:
      return "drain";
    case browser_change::undrain:
      return "undrain";
    case browser_change::restart:
      return "restart";
    case browser_change::remove:
      return "remove";
  }
  return "unknown";
}

bool takes_leases(const browser_standing& x) {
  return !x.draining && x.state != browser_health::stopped
         && x.state != browser_health::quarantined;
}

failure why_not(const browser_standing& x) {
  auto result
    = fail(errc::browser_unavailable, "Browser '" + x.name.value + "' ");
  result.retry_after = x.again_in;
  switch (x.state) {
    case browser_health::starting:
      result.what += "is still starting.";
      break;
    case browser_health::ready:
      result.what
        += x.draining
             ? "is drained: it takes no new leases until `berth browser "
               "undrain "
                 + x.name.value + "`."
             : "is ready.";
      // Whatever was amiss before is over.
      return result;
    case browser_health::waiting:
      result.what += "is about to start again.";
      break;
    case browser_health::stopped:
      result.what += "was stopped.";
      break;
    case browser_health::quarantined:
      result.what += "is in quarantine: it does not stay alive.";
      break;
    case browser_health::silent:
      result.what += "does not answer at present.";
      break;
  }
  if (!x.trouble.empty())
    result.what += ' ' + x.trouble;
  return result;
}

failure no_such_browser(const browser_name& which) {
  return fail(errc::browser_unknown,
              "There is no browser '" + which.value + "'.");
}

browser_standing standing_of(const browser_view& x) {
  return {x.name, x.state, x.draining, x.trouble, x.again_in};
}

const browser_view& best_of(const std::vector<browser_view>& all) {
  assert(!all.empty());
  auto ready
    = std::ranges::find(all, browser_health::ready, &browser_view::state);
  return ready == all.end() ? all.front() : *ready;
}

} // namespace berth::protocol

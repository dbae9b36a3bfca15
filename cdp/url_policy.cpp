#include "cdp/url_policy.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace berth::cdp {

namespace {

constexpr std::array<std::string_view, 4> allowed{"http", "https", "data",
                                                  "blob"};

/// The scheme in lower case; empty if there is none.
std::string scheme_of(std::string_view url) {
  auto end = url.find(':');
  if (end == std::string_view::npos || end == 0)
    return {};
  std::string result{url.substr(0, end)};
  for (auto& c : result) {
    auto byte = static_cast<unsigned char>(c);
    if (!std::isalnum(byte) && c != '+' && c != '-' && c != '.')
      return {};
    c = static_cast<char>(std::tolower(byte));
  }
  return result;
}

/// `localhost:8080` and `example.com:80/x` look like schemes and are hosts.
bool is_host_and_port(std::string_view url) {
  auto colon = url.find(':');
  return colon + 1 < url.size()
         && std::isdigit(static_cast<unsigned char>(url[colon + 1]));
}

} // namespace

std::string refuse_url(std::string_view url) {
  if (url.empty())
    return "The address is empty.";
  if (url == "about:blank")
    return {};
  auto scheme = scheme_of(url);
  if (std::ranges::find(allowed, scheme) != allowed.end())
    return {};
  auto quoted = "'" + std::string{url.substr(0, 200)} + "'";
  if (scheme.empty() || is_host_and_port(url))
    return quoted + " has no scheme; write https://... or http://...";
  return quoted + " is not open to tabs of a shared browser: " + scheme
         + ": addresses are refused.";
}

} // namespace berth::cdp

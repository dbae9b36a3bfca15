#include "cdp/method_policy.hpp"

#include "cdp/call_params.hpp"
#include "cdp/url_policy.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace berth::cdp {

using namespace protocol;

namespace {

using nlohmann::json;

/// No method of Chrome has a name nearly as long.
constexpr size_t method_size_max = 100;

/// A parameter that is an address which Chrome loads.
struct address {
  std::string_view method;
  const char* field;
  bool required;
};

constexpr std::array<address, 3> addresses{{
  {"Page.navigate", "url", true},
  {"Fetch.continueRequest", "url", false},
  {"Network.loadNetworkResource", "url", true},
}};

/// Domains that stay within the page; what does not is in `refused`.
constexpr std::array<std::string_view, 44> page_domains{
  "Accessibility", "Ads",
  "Animation",     "Audits",
  "Autofill",      "CSS",
  "CacheStorage",  "Console",
  "DOM",           "DOMDebugger",
  "DOMSnapshot",   "DOMStorage",
  "Debugger",      "DeviceOrientation",
  "Emulation",     "EventBreakpoints",
  "FedCm",         "Fetch",
  "FileSystem",    "FindInPage",
  "HeapProfiler",  "IO",
  "IndexedDB",     "Input",
  "Inspector",     "LayerTree",
  "Log",           "Media",
  "Memory",        "Network",
  "Overlay",       "Page",
  "Performance",   "PerformanceTimeline",
  "Preload",       "Profiler",
  "Runtime",       "Schema",
  "Security",      "Storage",
  "WebAudio",      "WebAuthn",
  "WebMCP",        "Tracing",
};

/// Of the other domains not one method is allowed; of these only these are.
struct partly {
  std::string_view domain;
  std::string_view allowed; ///< Between blanks.
};

constexpr std::array<partly, 2> partly_allowed{{
  {"Storage", " getStorageKeyForFrame getStorageKey "},
  {"Tracing", " getCategories getTrackEventDescriptor recordClockSyncMarker "
              "requestMemoryDump "},
}};

struct refusal {
  std::string_view method;
  std::string_view instead; ///< What to do; empty: nothing.
};

constexpr std::string_view tab_needs_it = "Berth needs it for this tab itself.";

constexpr std::array<refusal, 25> refused{{
  // Chrome-wide, whoever calls it.
  {"Emulation.setAutomationOverride", ""},
  {"Emulation.addScreen", ""},
  {"Emulation.updateScreen", ""},
  {"Emulation.removeScreen", ""},
  {"Emulation.setPrimaryScreen", ""},
  {"Memory.prepareForLeakDetection", ""},
  {"Memory.forciblyPurgeJavaScriptMemory", ""},
  {"Memory.setPressureNotificationsSuppressed", ""},
  {"Memory.simulatePressureNotification", ""},
  {"Memory.getAllTimeSamplingProfile", ""},
  {"Memory.getBrowserSamplingProfile", ""},
  {"Network.clearBrowserCache", "Use Network.setCacheDisabled."},
  {"Network.clearBrowserCookies",
   "Delete single ones, or lease an isolated profile."},
  {"Network.getAllCookies", "Use Network.getCookies with urls."},
  {"Page.crash", ""},
  {"Page.getSpellCheckCustomDictionary", ""},
  {"Security.setIgnoreCertificateErrors", "It would hold for other tabs, too."},
  // Would take the ground from under the tab's actor.
  {"Page.disable", tab_needs_it},
  {"Page.setLifecycleEventsEnabled", tab_needs_it},
  {"Inspector.disable", tab_needs_it},
  {"Emulation.setFocusEmulationEnabled", "It is on."},
  {"Runtime.terminateExecution", "Give the command a shorter deadline."},
  {"Page.close", "Release the lease."},
  {"Page.setDownloadBehavior", "Use the command set_download_directory."},
  {"DOM.setFileInputFiles", "Use the command upload."},
}};

bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9');
  });
}

std::string sentence(std::string_view method, std::string_view instead) {
  std::string result{method};
  result += " is not permitted on a shared browser.";
  if (!instead.empty())
    result.append(" ").append(instead);
  return result;
}

} // namespace

std::string refuse_method(std::string_view method) {
  auto dot = method.find('.');
  auto domain = method.substr(0, dot);
  auto name = dot == std::string_view::npos ? "" : method.substr(dot + 1);
  if (method.size() > method_size_max || !is_word(domain) || !is_word(name))
    return "'" + std::string{method.substr(0, 100)}
           + "' is not a method such as Page.reload.";
  if (std::ranges::find(page_domains, domain) == page_domains.end())
    return sentence(method, "");
  for (const auto& x : partly_allowed)
    if (x.domain == domain
        && x.allowed.find(" " + std::string{name} + " ")
             == std::string_view::npos)
      return sentence(method, "");
  for (const auto& x : refused)
    if (x.method == method)
      return sentence(method, x.instead);
  return {};
}

std::string refuse_params(std::string_view method, const json& params) {
  for (const auto& x : addresses) {
    if (x.method != method)
      continue;
    auto url = params.find(x.field);
    if (url == params.end() && !x.required)
      continue;
    if (url == params.end() || !url->is_string())
      return std::string{method} + " needs '" + x.field + "', a text.";
    if (auto why = refuse_url(url->get_ref<const std::string&>()); !why.empty())
      return why;
  }
  if (method == "Input.dispatchDragEvent" && params.contains("data")) {
    const auto& data = params.at("data");
    auto files = data.find("files"); // None if it is no object.
    if (files != data.end() && (!files->is_array() || !files->empty()))
      return "Files of the machine may not be dragged into a page. Use the "
             "command upload.";
  }
  return {};
}

outcome<std::string>
admit_call(std::string_view method, std::string_view params) {
  if (auto why = refuse_method(method); !why.empty())
    return fail(errc::method_denied, std::move(why));
  auto read = read_params(params);
  if (!read)
    return read.error();
  if (auto why = refuse_params(method, *read); !why.empty())
    return fail(errc::method_denied, std::move(why));
  return read->dump();
}

} // namespace berth::cdp

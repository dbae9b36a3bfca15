#include "protocol/provider.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::protocol {

namespace {

using nlohmann::json;

constexpr size_t selectors_max = 16; ///< In one list.
constexpr size_t selector_max = 512; ///< Characters of one.
constexpr size_t entries_max = 64;   ///< Models, efforts, clicks.
constexpr size_t name_max = 32;

std::string child(const std::string& path, std::string_view name) {
  return (path.empty() ? "" : path + ".") + std::string{name};
}

std::string child(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

bool is_name(std::string_view x) {
  return !x.empty() && x.size() <= name_max
         && x.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-.")
              == std::string_view::npos;
}

/// `https://host[:port]`, or empty.
std::string_view origin_of(std::string_view url) {
  for (std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme)) {
      auto end = std::min(url.find_first_of("/?#", scheme.size()), url.size());
      return end == scheme.size() ? std::string_view{} : url.substr(0, end);
    }
  return {};
}

/// Reads fields of the right kind, and complains of all others.
class reader {
public:
  void complain(std::string field, std::string what) {
    found_.push_back({std::move(field), std::move(what)});
  }

  /// Whether it is an object; complains of every field that is none of these.
  bool is_object(const json& from, const std::string& path,
                 std::initializer_list<std::string_view> known) {
    if (!from.is_object()) {
      complain(path, "must be an object.");
      return false;
    }
    for (const auto& [name, value] : from.items())
      if (std::find(known.begin(), known.end(), name) == known.end())
        complain(child(path, name), "is not a field of a provider.");
    return true;
  }

  std::string text(const json& from, const std::string& path) {
    if (from.is_string() && !from.get_ref<const std::string&>().empty())
      return from.get<std::string>();
    complain(path, "must be a text, and not empty.");
    return {};
  }

  duration time(const json& from, const std::string& path) {
    auto result = from.is_string()
                    ? parse_duration(from.get_ref<const std::string&>())
                    : std::nullopt;
    if (result && *result > duration{0})
      return *result;
    complain(path, "must be a time such as \"90s\" or \"10m\".");
    return {};
  }

  selectors list(const json& from, const std::string& path) {
    selectors result;
    if (!from.is_array() || from.size() > selectors_max)
      complain(path, "must be a list of at most "
                       + std::to_string(selectors_max) + " selectors.");
    else
      for (size_t i = 0; i < from.size(); ++i)
        result.push_back(selector(from[i], child(path, i)));
    return result;
  }

  choice clicks(const json& from, const std::string& path) {
    choice result;
    if (!from.is_array() || from.size() > entries_max)
      complain(path, "must be a list of what to click.");
    else
      for (size_t i = 0; i < from.size(); ++i) {
        result.push_back(list(from[i], child(path, i)));
        if (result.back().empty())
          complain(child(path, i), "has no selector to click.");
      }
    return result;
  }

  std::vector<complaint> found() && {
    return std::move(found_);
  }

private:
  std::string selector(const json& from, const std::string& path) {
    auto result = text(from, path);
    if (result.size() > selector_max)
      complain(path,
               "is over " + std::to_string(selector_max) + " characters.");
    return result;
  }

  std::vector<complaint> found_;
};

/// The value of a field that may be missing.
const json* at(const json& from, const char* name) {
  auto i = from.find(name);
  return i == from.end() ? nullptr : &*i;
}

template <class Table, class Parts>
void read_lists(reader& by, const json& from, const std::string& path,
                const Table& fields, Parts& into) {
  for (auto [name, member] : fields)
    if (auto x = at(from, name))
      into.*member = by.list(*x, child(path, name));
}

constexpr std::array<std::pair<const char*, selectors page_parts::*>, 8> parts{
  {{"composer", &page_parts::composer},
   {"send", &page_parts::send},
   {"attach", &page_parts::attach},
   {"turns", &page_parts::turns},
   {"answer", &page_parts::answer},
   {"stop", &page_parts::stop},
   {"done", &page_parts::done},
   {"thinking", &page_parts::thinking}}};

constexpr std::array<std::pair<const char*, selectors page_troubles::*>, 3>
  troubles{{{"login", &page_troubles::login},
            {"interstitial", &page_troubles::interstitial},
            {"rate_limit", &page_troubles::rate_limit}}};

void read_parts(reader& by, const json& from, page_parts& into) {
  if (!by.is_object(from, "parts",
                    {"composer", "send", "attach", "turns", "answer", "stop",
                     "done", "thinking"}))
    return;
  read_lists(by, from, "parts", parts, into);
  for (auto [name, member] : {parts[0], parts[3], parts[4]})
    if ((into.*member).empty())
      by.complain(child("parts", name), "must have at least one selector.");
  if (into.stop.empty() && into.done.empty())
    by.complain("parts.done", "is empty, and parts.stop is too: nothing would "
                              "tell a whole answer from a pause.");
}

void read_models(reader& by, const json& from, provider_profile& into) {
  if (!from.is_object() || from.size() > entries_max)
    return by.complain("models", "must be an object: what to click, by name.");
  for (const auto& [name, clicks] : from.items())
    into.models[name] = by.clicks(clicks, child("models", name));
}

void read_effort(reader& by, const json& from, const std::string& name,
                 provider_profile& into) {
  auto path = child("efforts", name);
  if (!by.is_object(from, path, {"tier", "timeout", "choose"}))
    return;
  auto& time = into.times.efforts[name];
  auto& clicks = into.efforts[name];
  auto kind = at(from, "tier");
  auto read = kind && kind->is_string()
                ? parse_tier(kind->get_ref<const std::string&>())
                : std::nullopt;
  if (read)
    time.kind = *read;
  else
    by.complain(child(path, "tier"),
                "must be instant, standard, thinking, pro, heavy or "
                "deep_research.");
  if (auto x = at(from, "timeout"))
    time.timeout = by.time(*x, child(path, "timeout"));
  if (auto x = at(from, "choose"))
    clicks = by.clicks(*x, child(path, "choose"));
}

void read_efforts(reader& by, const json& from, provider_profile& into) {
  if (!from.is_object() || from.size() > entries_max)
    return by.complain("efforts", "must be an object: efforts by name.");
  for (const auto& [name, effort] : from.items())
    read_effort(by, effort, name, into);
}

void read_addresses(reader& by, const json& from, provider_profile& into) {
  if (auto x = at(from, "start_url"))
    into.start_url = by.text(*x, "start_url");
  if (origin_of(into.start_url).empty())
    by.complain("start_url", "must be an address, http:// or https://.");
  if (auto x = at(from, "conversation_url"))
    into.conversation_url = by.text(*x, "conversation_url");
  auto origin = origin_of(into.conversation_url);
  if (origin.empty() || into.conversation_url.find('*') == std::string::npos)
    by.complain("conversation_url",
                "must be an address with a * where conversations differ.");
  else if (origin.find('*') != std::string_view::npos)
    by.complain("conversation_url", "must not have a * in its host.");
  else if (is_conversation(into, into.start_url))
    by.complain("conversation_url", "matches start_url.");
}

void read_names(reader& by, const json& from, provider_profile& into) {
  if (auto x = at(from, "name"))
    into.name = by.text(*x, "name");
  into.key.value = into.name;
  if (auto x = at(from, "key"))
    into.key.value = by.text(*x, "key");
  for (auto [field, value] :
       {std::pair{"name", &into.name}, std::pair{"key", &into.key.value}})
    if (!is_name(*value))
      by.complain(field, "must be 1 to " + std::to_string(name_max)
                           + " small letters, digits, -, _ or dots.");
}

} // namespace

provider_read read_provider(const nlohmann::json& from) {
  reader by;
  provider_profile result;
  if (!by.is_object(from, "",
                    {"name", "key", "start_url", "conversation_url", "parts",
                     "troubles", "models", "efforts", "effort_default",
                     "retry_after"}))
    return {result, std::move(by).found()};
  read_names(by, from, result);
  read_addresses(by, from, result);
  auto parts_given = at(from, "parts");
  read_parts(by, parts_given ? *parts_given : json::object(), result.parts);
  if (auto x = at(from, "troubles");
      x
      && by.is_object(*x, "troubles", {"login", "interstitial", "rate_limit"}))
    read_lists(by, *x, "troubles", troubles, result.troubles);
  if (auto x = at(from, "models"))
    read_models(by, *x, result);
  if (auto x = at(from, "efforts"))
    read_efforts(by, *x, result);
  if (auto x = at(from, "effort_default"))
    result.times.effort_default = by.text(*x, "effort_default");
  const auto& chosen = result.times.effort_default;
  if (!chosen.empty() && !result.times.efforts.contains(chosen))
    by.complain("effort_default", "'" + chosen + "' is not one of efforts.");
  if (auto x = at(from, "retry_after"))
    result.retry_after = by.time(*x, "retry_after");
  return {std::move(result), std::move(by).found()};
}

bool move_provider(provider_profile& what, std::string_view origin) {
  if (origin.empty() || origin_of(origin) != origin
      || origin.find_first_of("* ") != std::string_view::npos)
    return false;
  for (auto url : {&what.start_url, &what.conversation_url})
    url->replace(0, origin_of(*url).size(), origin);
  return true;
}

bool is_conversation(const provider_profile& at, std::string_view url) {
  std::string_view pattern = at.conversation_url;
  while (!pattern.empty()) {
    auto same = std::min(pattern.find('*'), pattern.size());
    if (!url.starts_with(pattern.substr(0, same)))
      return false;
    url.remove_prefix(same);
    pattern.remove_prefix(same);
    if (pattern.empty())
      break;
    auto part = std::min(url.find_first_of("/?#&"), url.size());
    if (part == 0)
      return false;
    url.remove_prefix(part);
    pattern.remove_prefix(1);
  }
  return url.empty() || url.front() == '?' || url.front() == '#'
         || url.front() == '&';
}

} // namespace berth::protocol

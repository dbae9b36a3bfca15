#include "apps/provider_check.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::apps {

namespace {

using namespace protocol;
using nlohmann::json;

using named_list = std::pair<std::string, const selectors*>;

/// Of choices only what is to be clicked first: the rest appears later.
void add_choices(const std::map<std::string, choice>& from, const char* field,
                 std::vector<named_list>& to) {
  for (const auto& [name, clicks] : from)
    if (!clicks.empty())
      to.emplace_back(std::string{field} + "." + name + "[0]", &clicks[0]);
}

std::vector<named_list> lists_of(const provider_profile& x) {
  std::vector<named_list> result{
    {"parts.composer", &x.parts.composer},
    {"parts.send", &x.parts.send},
    {"parts.attach", &x.parts.attach},
    {"parts.turns", &x.parts.turns},
    {"parts.answer", &x.parts.answer},
    {"parts.stop", &x.parts.stop},
    {"parts.done", &x.parts.done},
    {"parts.thinking", &x.parts.thinking},
    {"troubles.login", &x.troubles.login},
    {"troubles.interstitial", &x.troubles.interstitial},
    {"troubles.rate_limit", &x.troubles.rate_limit}};
  add_choices(x.models, "models", result);
  add_choices(x.efforts, "efforts", result);
  return result;
}

/// What a run looks for in frames, too.
constexpr std::array framed{"parts.answer", "parts.stop", "parts.done",
                            "parts.thinking"};

constexpr auto script = R"~((async (lists, framed, wanted, stops) => {
  const inside = (page) =>
    [...page.querySelectorAll('iframe')].map((x) => x.contentDocument);
  const within = (page) => inside(page).filter((x) => x)
    .flatMap((x) => [x, ...within(x)]);
  const hidden = () => [document, ...within(document)]
    .flatMap(inside).filter((x) => !x).length;
  const count = (selector, pages) => {
    try {
      const all = pages.flatMap((x) => [...x.querySelectorAll(selector)]);
      return [all.length, all.filter((x) => x.checkVisibility()).length];
    } catch {
      return null;
    }
  };
  const counts_of = (name) => {
    const pages = framed.includes(name) ? within(document) : [];
    return lists[name].map((x) => count(x, [document, ...pages]));
  };
  const shows = (name) => counts_of(name).some((x) => (x || [])[1] > 0);
  for (let i = 0; i < 40; ++i) {
    if (wanted.every(shows) || stops.some(shows))
      break;
    await new Promise((done) => setTimeout(done, 250));
  }
  const counts = {};
  for (const name in lists)
    counts[name] = counts_of(name);
  return {url: location.href, counts, hidden: hidden()};
}))~";

/// Adds what the page said of this list; false if it is nothing of the kind.
bool add_counts(const named_list& list, const json& said, provider_check& to) {
  const auto& [field, all] = list;
  if (!said.is_array() || said.size() != all->size())
    return false;
  for (size_t i = 0; i < all->size(); ++i) {
    selector_count next{field, (*all)[i]};
    const auto& pair = said[i];
    next.valid = !pair.is_null();
    if (next.valid) {
      if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned()
          || !pair[1].is_number_unsigned())
        return false;
      next.matches = pair[0].get<uint64_t>();
      next.visible = pair[1].get<uint64_t>();
    }
    to.counts.push_back(std::move(next));
  }
  return true;
}

/// Says what is missing, as far as it must be there.
class judge {
public:
  explicit judge(provider_check& x) : x_{x} {
    // nop
  }

  void run() {
    for (const auto& count : x_.counts)
      if (!count.valid)
        say(count.field + ": '" + count.selector + "' is no CSS selector.");
    in_the_way("troubles.login", "This page wants a login.");
    in_the_way("troubles.interstitial", "Something stands before this page.");
    in_the_way("troubles.rate_limit", "This page shows a limit.");
    if (!shows("parts.composer"))
      say("parts.composer: nothing visible matches.");
    if (!x_.conversation)
      return;
    for (auto field : {"parts.turns", "parts.answer"})
      if (!shows(field))
        say(std::string{field} + ": nothing visible matches.");
    // Many pages show what ends a turn only under the mouse.
    if (!matches("parts.done") && !matches("parts.stop"))
      say("parts.done: nothing matches, and parts.stop neither: a whole answer "
          "cannot be told from a pause.");
    if (!x_.complaints.empty() && x_.hidden > 0)
      say(std::to_string(x_.hidden)
          + " frames are of other sites: a run looks for answers in them, this "
            "check cannot.");
  }

private:
  void say(std::string what) {
    x_.complaints.push_back(std::move(what));
  }

  void in_the_way(const char* field, const char* what) {
    if (shows(field))
      say(std::string{field} + ": " + what);
  }

  bool shows(const std::string& field) const {
    return std::ranges::any_of(x_.counts, [&](const selector_count& x) {
      return x.field == field && x.visible > 0;
    });
  }

  bool matches(const std::string& field) const {
    return std::ranges::any_of(x_.counts, [&](const selector_count& x) {
      return x.field == field && x.matches > 0;
    });
  }

  provider_check& x_;
};

} // namespace

std::string check_script(const provider_profile& of, bool conversation) {
  json lists;
  for (const auto& [field, all] : lists_of(of))
    lists[field] = *all;
  json wanted{"parts.composer"};
  if (conversation)
    wanted.push_back("parts.answer");
  json stops{"troubles.login", "troubles.interstitial"};
  return std::string{script} + "(" + lists.dump() + ", " + json(framed).dump()
         + ", " + wanted.dump() + ", " + stops.dump() + ")";
}

std::optional<provider_check>
read_check(const provider_profile& of, const json& answer) {
  provider_check result;
  if (!answer.is_object() || !answer.contains("url")
      || !answer["url"].is_string() || !answer.contains("counts")
      || !answer["counts"].is_object() || !answer.contains("hidden")
      || !answer["hidden"].is_number_unsigned())
    return std::nullopt;
  result.hidden = answer["hidden"].get<uint64_t>();
  result.url = answer["url"].get<std::string>();
  result.conversation = is_conversation(of, result.url);
  for (const auto& list : lists_of(of))
    if (!add_counts(list, answer["counts"].value(list.first, json{}), result))
      return std::nullopt;
  judge{result}.run();
  return result;
}

} // namespace berth::apps

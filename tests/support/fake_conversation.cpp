// Pages of the site that holds conversations: what the page side of a session
// says to them, and what they tell by themselves.

#include "cdp/conversation_script.hpp"

#include "tests/support/fake_browser.hpp"

#include <algorithm>
#include <utility>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr int world_id = 7;

/// Where its elements are, so that a click tells what it meant.
const std::vector<std::string> elements{"#composer", "#send", "#stop"};

/// What stands between two words of a script.
std::string
between(const std::string& text, const std::string& from, const char* to) {
  auto begin = text.find(from);
  if (begin == std::string::npos)
    return {};
  begin += from.size();
  return text.substr(begin, text.rfind(to) - begin);
}

std::string value_of(const json& x) {
  return json{{"result", {{"type", "object"}, {"value", x}}}}.dump();
}

} // namespace

void fake_browser::watch(const chrome_command& x) {
  page_of(x).watcher = x.param("worldName");
  reply(x, R"({"identifier":"1"})");
}

void fake_browser::make_world(const chrome_command& x) {
  reply(x, json{{"executionContextId", world_id}}.dump());
}

/// Understands the three questions that the watching script answers.
void fake_browser::ask_watched(const chrome_command& x) {
  auto& page = page_of(x);
  auto expression = x.param("expression");
  auto asks = [&](const char* what) {
    return expression.find(what) != std::string::npos;
  };
  auto& site = *around_.site;
  auto& in = page.shown;
  bool watched = !page.watcher.empty() && fake_site::has(page.url);
  json told;
  if (watched && asks("berth?.look(")) {
    auto fresh = in.asked.is_null();
    in.asked = json::parse(between(expression, "look(", ") ??"));
    told = site.look(page.url, in);
    told["fresh"] = fresh;
  } else if (watched && asks("berth?.answer(") && !in.asked.is_null())
    told = site.answer(page.url, in);
  else if (watched && asks("berth?.first(")) {
    auto list = json::parse(between(expression, "first(", "]") + "]");
    int found = -1;
    for (size_t i = list.size(); i-- > 0;)
      if (site.shows(page.url, in, list[i].get<std::string>()))
        found = static_cast<int>(i);
    told = found;
  }
  reply(x, value_of(told));
}

std::string
fake_browser::find_element(fake_page& whom, const std::string& script) {
  for (size_t i = 0; i < elements.size(); ++i) {
    if (script.find("selector = \"" + elements[i] + "\"") == std::string::npos)
      continue;
    if (!around_.site->shows(whom.url, whom.shown, elements[i]))
      break;
    if (script.find("clear = true") != std::string::npos)
      whom.shown.draft.clear();
    return value_of({{"ok", true}, {"x", i}, {"y", 0}});
  }
  return value_of({{"error", "missing"}});
}

void fake_browser::insert_text(const chrome_command& x) {
  page_of(x).shown.draft += x.param("text");
  reply(x);
}

void fake_browser::press(const chrome_command& x) {
  auto& page = page_of(x);
  auto which = json::parse(x.params).value("x", 0.0);
  if (x.param("type") == "mouseReleased" && fake_site::has(page.url)) {
    if (which == 1 && !page.shown.draft.empty())
      take_prompt(page);
    if (which == 2)
      around_.site->stop(page.url);
    stir_later(page.id);
  }
  reply(x);
}

/// On its way to the site it is lost if the page dies.
void fake_browser::take_prompt(fake_page& whom) {
  auto prompt = std::exchange(whom.shown.draft, {});
  around_.later(some_time(80ms), [this, which = whom.id, prompt] {
    auto page = find(which);
    if (!page || page->crashed || !fake_site::has(page->url))
      return;
    auto where = around_.site->take(page->url, prompt);
    if (where != page->url) {
      page->url = where;
      tell("Page.navigatedWithinDocument",
           json{{"frameId", page->id.value}, {"url", where}}.dump(),
           page->session);
      changed(*page);
    }
    stir_later(page->id);
  });
}

void fake_browser::load_conversation(fake_page& whom) {
  if (!fake_site::has(whom.url))
    return;
  whom.shown = around_.site->load();
  stir_later(whom.id);
}

/// One in four is lost: whoever watches looks for himself, too.
void fake_browser::stir(const target_id& which) {
  auto page = find(which);
  if (!page || page->hangs() || page->watcher.empty() || page->session.empty())
    return;
  auto& asked = page->shown.asked;
  auto seen = asked.is_null()
                ? "{}"
                : around_.site->look(page->url, page->shown).dump();
  if (around_.draw(4) != 0)
    tell("Runtime.bindingCalled",
         json{{"name", cdp::watch_world},
              {"payload", seen},
              {"executionContextId", world_id}}
           .dump(),
         page->session);
}

/// Now, when it stands still, and when it changes next.
void fake_browser::stir_later(const target_id& which) {
  stir(which);
  around_.later(110ms, [this, which] {
    stir(which);
  });
  auto page = find(which);
  auto next
    = page ? around_.site->next_change(page->url) : std::optional<timestamp>{};
  if (!next)
    return;
  // What is due at this very instant must not hold time up.
  auto wait = std::max<duration>(*next - around_.now(), 1ms);
  around_.later(wait, [this, which, loader = page->loader] {
    auto same = find(which);
    if (same && same->loader == loader)
      stir_later(which);
  });
}

} // namespace berth::tests

// The sessions of pages, and what may happen to a page.

#include "cdp/page_traces.hpp"

#include "tests/support/fake_browser.hpp"
#include "tests/support/json_text.hpp"

#include <charconv>
#include <utility>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

/// These are answered by the page's renderer, if it can.
bool needs_renderer(const std::string& method) {
  for (auto domain : {"Runtime.", "Input.", "DOM.", "Accessibility.",
                      "Page.captureScreenshot", "Page.getLayoutMetrics",
                      "Page.createIsolatedWorld"})
    if (method.rfind(domain, 0) == 0)
      return method != "Runtime.runIfWaitingForDebugger"
             && method != "Runtime.terminateExecution"
             && method != "Runtime.enable" && method != "Runtime.addBinding";
  return false;
}

bool is_number(const std::string& text) {
  double unused = 0;
  auto end = text.data() + text.size();
  auto [stopped, wrong] = std::from_chars(text.data(), end, unused);
  return wrong == std::errc{} && stopped == end;
}

bool is_script_of_ours(const std::string& expression) {
  return expression.find("=>") != std::string::npos;
}

std::string result_of(const std::string& value) {
  return json_object{}.raw("result", value).str();
}

std::string string_value(const std::string& text) {
  return result_of(
    json_object{}.text("type", "string").text("value", text).str());
}

std::string without_fragment(const std::string& url) {
  return url.substr(0, url.find('#'));
}

std::string frame_info(const target_id& page, const std::string& loader,
                       const std::string& url) {
  return json_object{}
    .text("id", page.value)
    .text("loaderId", loader)
    .text("url", url)
    .str();
}

/// What a script brings, by a few words that it may consist of.
std::string run_script(const std::string& expression, const fake_page& where) {
  if (expression == "document.title")
    return string_value("Title of " + where.url);
  if (is_number(expression))
    return result_of(
      json_object{}.text("type", "number").raw("value", expression).str());
  if (expression == "throw")
    return R"({"result":{"type":"object","subtype":"error"},)"
           R"("exceptionDetails":{"text":"Uncaught",)"
           R"("exception":{"description":"Error: thrown"}}})";
  if (is_script_of_ours(expression))
    return result_of(json_object{}
                       .text("type", "object")
                       .raw("value", json_object{}
                                       .flag("ok", true)
                                       .raw("x", "10")
                                       .raw("y", "10")
                                       .text("text", "Text of " + where.url)
                                       .str())
                       .str());
  return string_value(where.url);
}

} // namespace

const std::map<std::string, fake_browser::handler>& fake_browser::at_page() {
  static const std::map<std::string, handler> result{
    {"Target.setAutoAttach", &fake_browser::attach_to_page},
    {"Target.detachFromTarget", &fake_browser::detach_from_target},
    {"Fetch.enable", &fake_browser::intercept},
    {"Inspector.enable", &fake_browser::tell_if_crashed},
    {"Fetch.fulfillRequest", &fake_browser::fulfill},
    {"Page.resetNavigationHistory", &fake_browser::forget_past},
    {"Runtime.runIfWaitingForDebugger", &fake_browser::resume},
    {"Page.setLifecycleEventsEnabled", &fake_browser::want_lifecycle},
    {"Page.navigate", &fake_browser::navigate},
    {"Page.getFrameTree", &fake_browser::get_frame_tree},
    {"Page.handleJavaScriptDialog", &fake_browser::answer_dialog},
    {"Runtime.evaluate", &fake_browser::evaluate},
    {"Runtime.terminateExecution", &fake_browser::terminate},
    {"Page.addScriptToEvaluateOnNewDocument", &fake_browser::watch},
    {"Page.createIsolatedWorld", &fake_browser::make_world},
    {"Input.insertText", &fake_browser::insert_text},
    {"Input.dispatchMouseEvent", &fake_browser::press},
  };
  return result;
}

void fake_browser::hear_page(fake_page& whom, const chrome_command& x) {
  auto known = at_page().find(x.method);
  if (known == at_page().end() && x.method.rfind("Target.", 0) == 0)
    refuse(x, -32000, "Not allowed");
  else if (needs_renderer(x.method) && whom.hangs())
    whom.held.push_back(x);
  else if (known != at_page().end())
    (this->*known->second)(x);
  else if (x.method.find('.') == std::string::npos)
    refuse(x, -32601, "'" + x.method + "' wasn't found");
  else
    agree(x);
}

fake_page& fake_browser::page_of(const chrome_command& x) {
  return pages_.at(sessions_.at(x.session));
}

void fake_browser::attach_to_page(const chrome_command& x) {
  auto& page = page_of(x);
  if (page.tab_session == x.session)
    attach_page(page);
  reply(x);
}

/// A page that was opened by another blocks it until this.
void fake_browser::resume(const chrome_command& x) {
  auto& page = page_of(x);
  if (page.session == x.session && std::exchange(page.waiting, false))
    if (auto opener = find(page.opener);
        opener && opener->blocked_by.erase(page.id) > 0)
      flush(opener->id);
  if (page.stillborn)
    crash(page.id);
  else
    reply(x);
}

/// Tells at once how far the present document is.
void fake_browser::want_lifecycle(const chrome_command& x) {
  auto& page = page_of(x);
  page.lifecycle = x.params.find("true") != std::string::npos;
  reply(x);
  if (page.lifecycle)
    for (auto stage : {"commit", "DOMContentLoaded", "load"})
      reach(page.id, page.loader, stage);
}

void fake_browser::navigate(const chrome_command& x) {
  auto& page = page_of(x);
  auto url = x.param("url");
  json_object result;
  result.text("frameId", page.id.value);
  if (url.find('#') != std::string::npos
      && without_fragment(url) == without_fragment(page.url)) {
    page.url = url;
    reply(x, result.str());
    tell("Page.navigatedWithinDocument",
         json_object{}.text("frameId", page.id.value).text("url", url).str(),
         page.session);
    changed(page);
    return;
  }
  if (page.stopped) {
    page.held.push_back(x);
    return;
  }
  // It brings a crashed page back; whatever waited there is lost.
  if (std::exchange(page.crashed, false))
    page.held.clear();
  if (x.session == page.washer && page.intercepts && url.starts_with("http")) {
    pause(page, x);
    return;
  }
  auto loader = hex_id();
  result.text("loaderId", loader);
  if (url.rfind("http://unreachable/", 0) == 0) {
    result.text("errorText", "net::ERR_NAME_NOT_RESOLVED");
    url = "chrome-error://chromewebdata/";
  }
  page.leaving = true;
  page.bound_for = loader;
  around_.later(some_time(30ms), [=, this, which = page.id] {
    if (auto there = find(which); there && there->bound_for != loader) {
      auto aborted = result;
      reply(x, aborted.text("errorText", "net::ERR_ABORTED").str());
      return;
    }
    bool answers_first = around_.draw(2) == 0;
    if (answers_first)
      reply(x, result.str());
    commit(which, loader, url);
    if (!answers_first)
      reply(x, result.str());
  });
}

void fake_browser::commit(const target_id& which, const std::string& loader,
                          const std::string& url) {
  auto page = find(which);
  if (!page)
    return;
  page->leaving = false;
  page->loader = loader;
  page->url = url;
  page->inert = false;
  ++page->past;
  if (auto origin = cdp::origin_of(url); !origin.empty()) {
    page->stored.insert(origin);
    page->named = true;
  }
  load_conversation(*page);
  auto told = json_object{}
                .raw("frame", frame_info(which, loader, url))
                .text("type", "Navigation")
                .str();
  for (auto& session : {page->session, page->washer})
    if (!session.empty())
      tell("Page.frameNavigated", told, session);
  changed(*page);
  reach(which, loader, "init");
  auto slow = url.rfind("http://slow/", 0) == 0;
  auto dom = some_time(30ms);
  around_.later(dom, [=, this] {
    reach(which, loader, "DOMContentLoaded");
  });
  around_.later(dom + (slow ? 45s : some_time(50ms)), [=, this] {
    reach(which, loader, "load");
  });
}

void fake_browser::reach(const target_id& which, const std::string& loader,
                         const char* stage) {
  auto page = find(which);
  if (page && page->lifecycle && page->loader == loader && !page->crashed)
    tell("Page.lifecycleEvent",
         json_object{}
           .text("frameId", which.value)
           .text("loaderId", loader)
           .text("name", stage)
           .str(),
         page->session);
}

void fake_browser::get_frame_tree(const chrome_command& x) {
  auto& page = page_of(x);
  auto frame = frame_info(page.id, page.loader, page.url);
  reply(x, json_object{}
             .raw("frameTree", json_object{}.raw("frame", frame).str())
             .str());
}

/// `busy` never ends but by `terminateExecution`, `never` is a promise that
/// nobody keeps, `alert` waits for its dialog.
void fake_browser::evaluate(const chrome_command& x) {
  auto& page = page_of(x);
  auto expression = x.param("expression");
  if (answer_washer(x))
    return;
  // Scripts of ours run in a world of their own.
  if (x.params.find("\"contextId\"") != std::string::npos) {
    if (!is_script_of_ours(expression))
      ask_watched(x);
    else if (fake_site::has(page.url))
      reply(x, find_element(page, expression));
    else
      reply(x, run_script(expression, page));
    return;
  }
  if (expression == "never")
    return;
  if (expression == "busy") {
    page.busy = x;
    return;
  }
  if (expression == "alert") {
    page.alert = x;
    tell("Page.javascriptDialogOpening",
         json_object{}
           .text("url", page.url)
           .text("message", "Hello")
           .text("type", "alert")
           .str(),
         page.session);
    return;
  }
  reply(x, run_script(expression, page));
}

void fake_browser::terminate(const chrome_command& x) {
  auto& page = page_of(x);
  if (page.stopped || page.crashed) {
    page.held.push_back(x);
    return;
  }
  reply(x);
  if (auto ended = std::exchange(page.busy, std::nullopt))
    refuse(*ended, -32000, "Execution was terminated");
  flush(page.id);
}

void fake_browser::answer_dialog(const chrome_command& x) {
  auto& page = page_of(x);
  auto asked = std::exchange(page.alert, std::nullopt);
  if (!asked) {
    refuse(x, -32602, "No dialog is showing");
    return;
  }
  reply(x);
  tell("Page.javascriptDialogClosed", R"({"result":true,"userInput":""})",
       page.session);
  reply(*asked, R"({"result":{"type":"undefined"}})");
  flush(page.id);
}

/// Does what had to wait, as far as nothing new is in the way.
void fake_browser::flush(const target_id& which) {
  for (auto page = find(which); page && !page->hangs() && !page->held.empty();
       page = find(which)) {
    auto next = std::move(page->held.front());
    page->held.pop_front();
    hear(next);
  }
}

} // namespace berth::tests

#include "tests/support/fake_browser.hpp"

#include "cdp/envelope.hpp"

#include "tests/support/json_text.hpp"

#include <utility>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

constexpr int no_such_session = -32001;
constexpr int no_such_method = -32601;
constexpr int bad_params = -32602;

std::string info(const target_id& which, const char* type, const fake_page& x,
                 bool attached, const target_id& opener) {
  json_object result;
  result.text("targetId", which.value)
    .text("type", type)
    .text("title", x.url)
    .text("url", x.url)
    .flag("attached", attached)
    .flag("canAccessOpener", false)
    .text("browserContextId", x.context.value);
  if (opener)
    result.text("openerId", opener.value);
  return result.str();
}

std::string page_info(const fake_page& x) {
  return info(x.id, "page", x, !x.session.empty(), x.opener);
}

/// A tab does not tell its opener.
std::string tab_info(const fake_page& x) {
  return info(x.tab, "tab", x, !x.tab_session.empty(), {});
}

/// As the params, or the result, that consist of it alone.
std::string target_info(const std::string& info) {
  return json_object{}.raw("targetInfo", info).str();
}

} // namespace

chrome_command read_command(std::string_view text) {
  cdp::envelope x;
  cdp::read_envelope(text, x);
  return {x.id, std::string{x.session}, std::string{x.method},
          std::string{x.params}};
}

fake_browser::fake_browser(surroundings around) : around_{std::move(around)} {
  default_context_ = {hex_id()};
  make_page(default_context_, "about:blank").anchor = true;
}

void fake_browser::hear(const chrome_command& x) {
  static const std::map<std::string, handler> at_root{
    {"Target.setDiscoverTargets", &fake_browser::discover},
    {"Target.setAutoAttach", &fake_browser::attach_to_all},
    {"Target.createBrowserContext", &fake_browser::create_context},
    {"Target.disposeBrowserContext", &fake_browser::dispose_context},
    {"Target.createTarget", &fake_browser::create_target},
    {"Target.closeTarget", &fake_browser::close_target},
    {"Target.attachToTarget", &fake_browser::attach_to_target},
    {"Target.detachFromTarget", &fake_browser::detach_from_target},
    {"Target.getTargets", &fake_browser::get_targets},
    {"Target.getTargetInfo", &fake_browser::get_target_info},
    {"Target.activateTarget", &fake_browser::agree},
    {"Browser.getVersion", &fake_browser::get_version},
    {"Browser.setDownloadBehavior", &fake_browser::agree},
    {"Browser.cancelDownload", &fake_browser::agree},
    {"Browser.close", &fake_browser::close_browser},
  };
  if (x.session.empty()) {
    if (auto i = at_root.find(x.method); i != at_root.end())
      (this->*i->second)(x);
    else
      refuse(x, no_such_method, "'" + x.method + "' wasn't found");
    return;
  }
  auto i = sessions_.find(x.session);
  if (i == sessions_.end())
    refuse(x, no_such_session, "Session with given id not found.");
  else
    hear_page(pages_.at(i->second), x);
}

fake_page* fake_browser::find(const target_id& page) {
  auto i = pages_.find(page);
  return i == pages_.end() ? nullptr : &i->second;
}

// -- targets ------------------------------------------------------------------

void fake_browser::let_go() {
  discovers_ = attaches_ = false;
  sessions_.clear();
  std::vector<target_id> of_contexts;
  for (auto& [id, page] : pages_) {
    page.session.clear();
    page.tab_session.clear();
    page.watcher.clear();
    page.washer.clear();
    page.intercepts = false;
    page.waiting = page.lifecycle = false;
    page.held.clear();
    page.blocked_by.clear();
    if (contexts_.contains(page.context))
      of_contexts.push_back(id);
  }
  // They are disposed with the connection that made them.
  contexts_.clear();
  for (auto& id : of_contexts)
    destroy(id);
}

void fake_browser::discover(const chrome_command& x) {
  discovers_ = true;
  for (auto& [id, page] : pages_) {
    tell("Target.targetCreated", target_info(tab_info(page)));
    tell("Target.targetCreated", target_info(page_info(page)));
  }
  reply(x);
}

/// Both kinds at once are refused, as a real one does.
void fake_browser::attach_to_all(const chrome_command& x) {
  auto tabs = x.params.find("\"tab\"") != std::string::npos;
  if (!tabs || x.params.find("\"page\"") != std::string::npos) {
    refuse(x, bad_params,
           "Filter should not simultaneously allow tab and page");
    return;
  }
  attaches_ = true;
  for (auto& [id, page] : pages_)
    attach_tab(page);
  reply(x);
}

void fake_browser::create_context(const chrome_command& x) {
  context_id made{hex_id()};
  contexts_.insert(made);
  reply(x, json_object{}.text("browserContextId", made.value).str());
}

void fake_browser::dispose_context(const chrome_command& x) {
  context_id which{x.param("browserContextId")};
  if (contexts_.erase(which) == 0) {
    refuse(x, bad_params, "Failed to find context with id " + which.value);
    return;
  }
  std::vector<target_id> inside;
  for (auto& [id, page] : pages_)
    if (page.context == which)
      inside.push_back(id);
  for (auto& id : inside)
    destroy(id);
  reply(x);
}

/// The answer may overtake what is told of the new target, or be overtaken.
void fake_browser::create_target(const chrome_command& x) {
  context_id context{x.param("browserContextId")};
  if (context && !contexts_.contains(context)) {
    refuse(x, bad_params,
           "Failed to find browser context with id " + context.value);
    return;
  }
  auto url = x.param("url");
  around_.later(some_time(20ms), [this, x, context, url] {
    auto where = context ? context : default_context_;
    if (context && !contexts_.contains(context)) {
      refuse(x, bad_params,
             "Failed to find browser context with id " + context.value);
      return;
    }
    auto& made = make_page(where, url.empty() ? "about:blank" : url);
    auto result = json_object{}.text("targetId", made.id.value).str();
    switch (around_.draw(3)) {
      case 0:
        reply(x, result);
        around_.later(some_time(10ms), [this, id = made.id] {
          if (auto page = find(id))
            announce(*page);
        });
        break;
      case 1:
        announce(made);
        reply(x, result);
        break;
      default:
        announce(made);
        around_.later(some_time(10ms), [this, x, result] {
          reply(x, result);
        });
    }
  });
}

/// A page that is asked to close says yes at once, and goes a little later. A
/// real one that just left for another address forgets it, one time in three.
void fake_browser::close_target(const chrome_command& x) {
  target_id which{x.param("targetId")};
  auto page = find(which);
  if (!page) {
    refuse(x, bad_params, "No target with given id found");
    return;
  }
  reply(x, json_object{}.flag("success", true).str());
  auto forgets = page->leaving && around_.draw(3) == 0;
  if (!page->clings && !forgets)
    around_.later(some_time(17ms), [this, which] {
      destroy(which);
    });
}

void fake_browser::get_targets(const chrome_command& x) {
  std::string all;
  for (auto& [id, page] : pages_)
    all += (all.empty() ? "" : ",") + page_info(page);
  reply(x, json_object{}.raw("targetInfos", '[' + all + ']').str());
}

void fake_browser::get_target_info(const chrome_command& x) {
  if (auto page = find({x.param("targetId")}))
    reply(x, target_info(page_info(*page)));
  else
    refuse(x, bad_params, "No target with given id found");
}

void fake_browser::get_version(const chrome_command& x) {
  reply(x, R"({"protocolVersion":"1.3","product":"Chrome/156.0.0.0"})");
}

void fake_browser::close_browser(const chrome_command& x) {
  reply(x);
  around_.quit();
}

void fake_browser::agree(const chrome_command& x) {
  reply(x);
}

fake_page&
fake_browser::make_page(const context_id& context, const std::string& url) {
  fake_page made;
  made.id = {hex_id()};
  made.tab = {hex_id()};
  made.context = context;
  made.url = url;
  made.loader = hex_id();
  made.stillborn = around_.stillborn && around_.stillborn();
  return pages_.emplace(made.id, std::move(made)).first->second;
}

void fake_browser::announce(fake_page& x) {
  if (discovers_) {
    tell("Target.targetCreated", target_info(tab_info(x)));
    tell("Target.targetCreated", target_info(page_info(x)));
  }
  x.waiting = attaches_;
  if (attaches_)
    attach_tab(x);
}

void fake_browser::attach_tab(fake_page& x) {
  if (!x.tab_session.empty())
    return;
  x.tab_session = hex_id();
  sessions_[x.tab_session] = x.id;
  // Its window is shown: then Chrome loads a page that crashed again.
  if (std::exchange(x.crashed, false))
    x.loader = hex_id();
  tell("Target.attachedToTarget", json_object{}
                                    .text("sessionId", x.tab_session)
                                    .raw("targetInfo", tab_info(x))
                                    .flag("waitingForDebugger", x.waiting)
                                    .str());
}

/// Told in the tab's session: its page is a child of the tab.
void fake_browser::attach_page(fake_page& x) {
  if (!x.session.empty())
    return;
  x.session = hex_id();
  sessions_[x.session] = x.id;
  x.parent_session = x.tab_session;
  tell_attached(x, x.session, x.tab_session);
}

void fake_browser::tell_attached(const fake_page& x, const std::string& session,
                                 const std::string& parent) {
  tell("Target.attachedToTarget",
       json_object{}
         .text("sessionId", session)
         .raw("targetInfo", page_info(x))
         .flag("waitingForDebugger", x.waiting)
         .str(),
       parent);
}

void fake_browser::changed(const fake_page& x) {
  if (!discovers_)
    return;
  tell("Target.targetInfoChanged", target_info(tab_info(x)));
  tell("Target.targetInfoChanged", target_info(page_info(x)));
}

// -- words --------------------------------------------------------------------

void fake_browser::reply(const chrome_command& to, std::string_view result) {
  json_object text;
  text.raw("id", std::to_string(to.id)).raw("result", result);
  if (!to.session.empty())
    text.text("sessionId", to.session);
  around_.answer(to, text.str());
}

void fake_browser::refuse(const chrome_command& to, int code,
                          const std::string& why) {
  json_object error;
  error.raw("code", std::to_string(code)).text("message", why);
  json_object text;
  text.raw("id", std::to_string(to.id)).raw("error", error.str());
  if (!to.session.empty())
    text.text("sessionId", to.session);
  around_.answer(to, text.str());
}

void fake_browser::tell(std::string_view method, std::string_view params,
                        std::string_view session) {
  json_object text;
  text.text("method", method).raw("params", params);
  if (!session.empty())
    text.text("sessionId", session);
  around_.tell(text.str());
}

std::string fake_browser::hex_id() {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string result(32, '0');
  for (auto& c : result)
    c = digits[around_.draw(16)];
  return result;
}

duration fake_browser::some_time(duration most) {
  return duration{
    static_cast<int64_t>(around_.draw(uint64_t(most.count()) + 1))};
}

} // namespace berth::tests

#include "tests/support/fake_chrome.hpp"

#include <algorithm>

namespace berth::tests {

namespace {

/// The default context has an id, too.
constexpr const char* default_context = "DEFAULT";

} // namespace

caf::behavior courier(caf::event_based_actor*) {
  return {
    [](const errand& x) {
      x.job();
    },
  };
}

fake_chrome::fake_chrome(caf::actor courier, std::mt19937_64& rng)
  : courier_{std::move(courier)}, rng_{rng} {
  // nop
}

// -- cdp::chrome --------------------------------------------------------------

void fake_chrome::start(cdp::chrome_listener listener) {
  listener_ = std::move(listener);
  alive_ = true;
  later([this] {
    listener_.started({"Chrome/0.0", "ws://fake", 1});
  });
}

void fake_chrome::send(std::string message) {
  later([this, message = std::move(message)] {
    auto call = json::parse(message);
    auto session = call.value("sessionId", "");
    if (session.empty())
      return at_root(call);
    for (auto& [id, x] : pages_) {
      if (x.tab_session == session)
        return at_tab(call, id);
      if (x.session == session)
        return at_page(call, id);
    }
    refuse(call, -32001, "Session with given id not found.");
  });
}

void fake_chrome::route(std::string session,
                        std::function<void(cdp::frame_ptr)> heard) {
  routes_[std::move(session)] = std::move(heard);
}

void fake_chrome::unroute(const std::string& session) {
  routes_.erase(session);
}

void fake_chrome::stop(std::chrono::milliseconds) {
  if (!alive_)
    return;
  later([this] {
    alive_ = false;
    pages_.clear();
    if (auto ended = std::exchange(listener_.ended, nullptr))
      ended({cdp::chrome_end::stopped, "stopped"});
  });
}

// -- faults -------------------------------------------------------------------

void fake_chrome::crash(const std::string& id) {
  auto i = pages_.find(id);
  if (i == pages_.end() || std::exchange(i->second.crashed, true))
    return;
  tell({{"method", "Inspector.targetCrashed"}, {"params", json::object()}},
       i->second.session);
  tell({{"method", "Target.targetCrashed"}, {"params", {{"targetId", id}}}});
}

void fake_chrome::destroy(const std::string& id) {
  auto entry = pages_.extract(id);
  if (!entry)
    return;
  auto& x = entry.mapped();
  if (!x.session.empty())
    tell({{"method", "Target.detachedFromTarget"},
          {"params", {{"sessionId", x.session}, {"targetId", id}}}},
         x.tab_session);
  tell({{"method", "Target.detachedFromTarget"},
        {"params", {{"sessionId", x.tab_session}, {"targetId", x.tab}}}});
  for (const auto& gone : {id, x.tab})
    tell(
      {{"method", "Target.targetDestroyed"}, {"params", {{"targetId", gone}}}});
}

void fake_chrome::freeze(const std::string& id) {
  if (auto i = pages_.find(id); i != pages_.end())
    i->second.frozen = true;
}

void fake_chrome::open_popup(const std::string& opener) {
  auto i = pages_.find(opener);
  if (i != pages_.end() && !i->second.crashed)
    make_page(i->second.context, opener);
}

void fake_chrome::die() {
  if (!alive_)
    return;
  alive_ = false;
  pages_.clear();
  // Not through `later`: the dead run no errands.
  auto ended = std::exchange(listener_.ended, nullptr);
  caf::anon_send(courier_, errand{[ended] {
                   if (ended)
                     ended({cdp::chrome_end::connection_lost, "killed"});
                 }});
}

std::vector<std::string> fake_chrome::pages() const {
  std::vector<std::string> result;
  for (const auto& [id, x] : pages_)
    result.push_back(id);
  return result;
}

size_t fake_chrome::working_pages() const {
  return static_cast<size_t>(
    std::count_if(pages_.begin(), pages_.end(), [](const auto& x) {
      return x.second.opener.empty() && !x.second.crashed && !x.second.frozen;
    }));
}

// -- inside -------------------------------------------------------------------

std::string fake_chrome::new_id() {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string result;
  for (int i = 0; i < 32; ++i)
    result += digits[rng_() % 16];
  return result;
}

bool fake_chrome::chance(double p) {
  return p > 0 && std::bernoulli_distribution{p}(rng_);
}

/// In order, like everything on one socket.
void fake_chrome::later(std::function<void()> job) {
  auto me = shared_from_this();
  caf::anon_send(courier_, errand{[me, job = std::move(job)] {
                   if (me->alive_)
                     job();
                 }});
}

void fake_chrome::tell(json message, const std::string& session) {
  if (!session.empty())
    message["sessionId"] = session;
  later([this, session, text = message.dump()] {
    auto frame = std::make_shared<const cdp::frame>(text);
    if (auto i = routes_.find(session); i != routes_.end())
      i->second(frame);
    else
      listener_.heard(frame);
  });
}

void fake_chrome::answer(const json& call, json result) {
  if (chance(faults.never))
    return;
  for (int i = chance(faults.twice) ? 0 : 1; i < 2; ++i)
    tell({{"id", call["id"]}, {"result", result}}, call.value("sessionId", ""));
}

void fake_chrome::refuse(const json& call, int code, const char* why) {
  tell({{"id", call["id"]}, {"error", {{"code", code}, {"message", why}}}},
       call.value("sessionId", ""));
}

nlohmann::json fake_chrome::info(const std::string& id, const page& x) const {
  json result{{"targetId", id},
              {"type", "page"},
              {"url", x.url},
              {"browserContextId", x.context}};
  if (!x.opener.empty())
    result["openerId"] = x.opener;
  return result;
}

/// Paused, until the tab's session has asked for the page's, and that one has
/// resumed it.
std::string
fake_chrome::make_page(const std::string& context, const std::string& opener) {
  auto id = new_id();
  auto& x = pages_[id];
  x.tab = new_id();
  x.tab_session = new_id();
  x.context = context;
  x.opener = opener;
  json tab{{"targetId", x.tab},
           {"type", "tab"},
           {"url", ""},
           {"browserContextId", context}};
  tell({{"method", "Target.targetCreated"}, {"params", {{"targetInfo", tab}}}});
  tell({{"method", "Target.targetCreated"},
        {"params", {{"targetInfo", info(id, x)}}}});
  tell({{"method", "Target.attachedToTarget"},
        {"params",
         {{"sessionId", x.tab_session},
          {"targetInfo", tab},
          {"waitingForDebugger", true}}}});
  return id;
}

void fake_chrome::at_root(const json& call) {
  std::string method = call["method"];
  auto params = call.value("params", json::object());
  if (method == "Target.createTarget") {
    ++creates;
    auto context = params.value("browserContextId", default_context);
    // The answer may come before the attachment, or after it.
    auto id = make_page(context, "");
    answer(call, {{"targetId", id}});
  } else if (method == "Target.closeTarget") {
    auto id = params.value("targetId", "");
    if (!pages_.contains(id))
      return refuse(call, -32602, "No target with given id found");
    answer(call, {{"success", true}});
    destroy(id);
  } else if (method == "Target.createBrowserContext") {
    auto id = *contexts_.insert(new_id()).first;
    answer(call, {{"browserContextId", id}});
  } else if (method == "Target.disposeBrowserContext") {
    auto id = params.value("browserContextId", "");
    for (const auto& page : pages())
      if (pages_.at(page).context == id)
        destroy(page);
    answer(call, json::object());
  } else
    answer(call, json::object());
}

void fake_chrome::at_tab(const json& call, const std::string& id) {
  answer(call, json::object());
  auto& x = pages_.at(id);
  if (call["method"] != "Target.setAutoAttach" || !x.session.empty())
    return;
  x.session = new_id();
  tell({{"method", "Target.attachedToTarget"},
        {"params",
         {{"sessionId", x.session},
          {"targetInfo", info(id, x)},
          {"waitingForDebugger", true}}}},
       x.tab_session);
}

void fake_chrome::at_page(const json& call, const std::string& id) {
  auto& here = pages_.at(id);
  std::string method = call["method"];
  if (on_command)
    on_command(id, method, call.value("params", json::object()));
  if (chance(faults.crash))
    return crash(id);
  if (here.crashed || here.frozen)
    return;
  if (method == "Runtime.evaluate")
    return evaluate(call, here);
  if (method == "Page.navigate")
    return navigate(call, id, here);
  if (method == "Runtime.runIfWaitingForDebugger")
    here.waiting = false;
  answer(call, json::object());
}

/// `whoami` is the address, `never` has no answer, anything else is itself.
void fake_chrome::evaluate(const json& call, page& here) {
  auto expression = call["params"].value("expression", "");
  if (expression == "never")
    return;
  auto value = expression == "whoami" ? here.url : expression;
  answer(call, {{"result", {{"type", "string"}, {"value", value}}}});
}

void fake_chrome::navigate(const json& call, const std::string& id,
                           page& here) {
  here.url = call["params"].value("url", "");
  here.loader = new_id();
  answer(call, {{"frameId", id}, {"loaderId", here.loader}});
  tell({{"method", "Page.frameNavigated"},
        {"params", {{"frame", {{"id", id}, {"url", here.url}}}}}},
       here.session);
  for (auto stage : {"commit", "DOMContentLoaded", "load"})
    tell({{"method", "Page.lifecycleEvent"},
          {"params",
           {{"frameId", id}, {"loaderId", here.loader}, {"name", stage}}}},
         here.session);
}

} // namespace berth::tests

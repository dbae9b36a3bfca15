// Who uses the fake Chrome, as the browser actor does; for its own tests.

#pragma once

#include "cdp/message.hpp"

#include "tests/support/fake_chrome.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace berth::tests {

using namespace std::chrono_literals;
using nlohmann::json;

/// The other end of the connection: sends commands, keeps what comes back.
class hub {
public:
  explicit hub(fake_chrome& whom) : chrome_{whom.factory()()} {
    chrome_->start({
      [this](const cdp::chrome_started&) {
        up = true;
      },
      [this](const cdp::frame_ptr& x) {
        heard.push_back(json::parse(x->text));
      },
      [this](const cdp::chrome_ended& x) {
        ends.push_back(x.cause);
      },
    });
  }

  ~hub() {
    chrome_->stop(0ms);
  }

  /// As a daemon does that is replaced.
  void let_go() {
    chrome_->let_go();
  }

  uint64_t send(const char* method, const json& params = json::object(),
                const std::string& session = {}) {
    chrome_->send(
      cdp::write_command(++last_id_, method, params.dump(), session));
    return last_id_;
  }

  /// As the browser actor does it.
  void attach_to_all() {
    json all = json::array({json::object()});
    json tabs = json::array({{{"type", "tab"}}, {{"exclude", true}}});
    send("Target.setDiscoverTargets", {{"discover", true}, {"filter", all}});
    send("Target.setAutoAttach", {{"autoAttach", true},
                                  {"waitForDebuggerOnStart", true},
                                  {"flatten", true},
                                  {"filter", tabs}});
  }

  /// Attaches to the pages inside of all tabs that are known.
  void attach_to_pages() {
    json pages = json::array({{{"type", "page"}}, {{"exclude", true}}});
    for (auto& x : attached("tab")) {
      send("Target.setAutoAttach",
           {{"autoAttach", true},
            {"waitForDebuggerOnStart", true},
            {"flatten", true},
            {"filter", pages}},
           x["sessionId"]);
      send("Runtime.runIfWaitingForDebugger", {}, x["sessionId"]);
    }
  }

  std::vector<json> events(const std::string& method) const {
    std::vector<json> result;
    for (auto& x : heard)
      if (x.value("method", "") == method)
        result.push_back(x["params"]);
    return result;
  }

  std::vector<json> attached(const std::string& type) const {
    std::vector<json> result;
    for (auto& x : events("Target.attachedToTarget"))
      if (x["targetInfo"]["type"] == type)
        result.push_back(x);
    return result;
  }

  std::vector<json> answers(uint64_t id) const {
    std::vector<json> result;
    for (auto& x : heard)
      if (x.value("id", uint64_t{0}) == id)
        result.push_back(x);
    return result;
  }

  json answer(uint64_t id) const {
    auto all = answers(id);
    return all.size() == 1 ? all.front() : json{};
  }

  bool up = false;
  std::vector<json> heard;
  std::vector<cdp::chrome_end> ends;

private:
  std::shared_ptr<cdp::chrome> chrome_;
  uint64_t last_id_ = 0;
};

class FakeChrome : public testing::TestWithParam<uint64_t> {
protected:
  FakeChrome() {
    world_.advance(1s);
    hub_.attach_to_all();
    world_.settle();
    hub_.attach_to_pages();
    world_.settle();
  }

  void wait(duration by = 1s) {
    world_.advance(by);
  }

  /// A page of our own, attached and running; its session is `session_`.
  target_id open() {
    auto created = hub_.send("Target.createTarget", {{"url", "about:blank"}});
    wait();
    hub_.attach_to_pages();
    wait();
    target_id made{hub_.answer(created)["result"]["targetId"]};
    for (auto& x : hub_.attached("page"))
      if (x["targetInfo"]["targetId"] == made.value)
        session_ = x["sessionId"];
    hub_.send("Runtime.runIfWaitingForDebugger", {}, session_);
    hub_.send("Page.setLifecycleEventsEnabled", {{"enabled", true}}, session_);
    wait();
    return made;
  }

  uint64_t evaluate(const std::string& expression) {
    return hub_.send("Runtime.evaluate", {{"expression", expression}},
                     session_);
  }

  uint64_t navigate(const std::string& url) {
    return hub_.send("Page.navigate", {{"url", url}}, session_);
  }

  world world_{GetParam()};
  fake_chrome chrome_{world_};
  hub hub_{chrome_};
  std::string session_;
};

} // namespace berth::tests

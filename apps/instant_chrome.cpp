#include "apps/instant_chrome.hpp"

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::apps {

namespace {

using nlohmann::json;

class instant : public cdp::chrome,
                public std::enable_shared_from_this<instant> {
public:
  explicit instant(std::shared_ptr<cdp::io_loop> loop)
    : loop_{std::move(loop)} {
    // nop
  }

  void start(cdp::chrome_listener listener) override {
    loop_->post([me = shared_from_this(), listener = std::move(listener)] {
      me->listener_ = listener;
      me->listener_.started({"Instant/0", "none", 0});
    });
  }

  void send(std::string message) override {
    loop_->post([me = shared_from_this(), text = std::move(message)] {
      me->take(json::parse(text, nullptr, false));
    });
  }

  void route(std::string session, uint64_t,
             std::function<void(cdp::frame_ptr)> heard) override {
    std::lock_guard guard{mutex_};
    routes_[std::move(session)] = std::move(heard);
  }

  void unroute(const std::string& session) override {
    std::lock_guard guard{mutex_};
    routes_.erase(session);
  }

  void let_go() override {
    loop_->post([me = shared_from_this()] {
      me->listener_ = {};
    });
  }

  void stop(std::chrono::milliseconds) override {
    loop_->post([me = shared_from_this()] {
      if (auto ended = std::exchange(me->listener_, {}).ended)
        ended({cdp::chrome_end::stopped, {}});
    });
  }

private:
  void tell(const json& message, const std::string& session) {
    auto frame = std::make_shared<const cdp::frame>(message.dump());
    std::function<void(cdp::frame_ptr)> heard;
    {
      std::lock_guard guard{mutex_};
      auto i = routes_.find(session);
      heard = i == routes_.end() ? listener_.heard : i->second;
    }
    if (heard)
      heard(frame);
  }

  void tell_root(const char* method, json params) {
    tell({{"method", method}, {"params", std::move(params)}}, {});
  }

  void take(const json& call) {
    auto method = call.value("method", "");
    auto session = call.value("sessionId", "");
    auto params = call.value("params", json::object());
    json result = json::object();
    if (method == "Target.createTarget")
      result["targetId"] = attach();
    json answer{{"id", call["id"]}, {"result", std::move(result)}};
    if (!session.empty())
      answer["sessionId"] = session;
    tell(answer, session);
    if (method == "Target.closeTarget")
      tell_root("Target.targetDestroyed", params);
  }

  std::string attach() {
    auto id = "T" + std::to_string(++last_);
    json info{{"targetId", id},
              {"type", "page"},
              {"url", "about:blank"},
              {"browserContextId", "C"}};
    tell_root("Target.attachedToTarget", {{"sessionId", "S" + id},
                                          {"targetInfo", std::move(info)},
                                          {"waitingForDebugger", true}});
    return id;
  }

  std::shared_ptr<cdp::io_loop> loop_;
  cdp::chrome_listener listener_;
  uint64_t last_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::function<void(cdp::frame_ptr)>> routes_;
};

} // namespace

std::shared_ptr<cdp::chrome>
instant_chrome(std::shared_ptr<cdp::io_loop> loop) {
  return std::make_shared<instant>(std::move(loop));
}

} // namespace berth::apps

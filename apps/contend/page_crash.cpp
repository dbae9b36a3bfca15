#include "apps/contend/page_crash.hpp"

#include "cdp/message.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <future>
#include <utility>

namespace berth::apps::contend {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;
constexpr uint64_t attach = 1, crash = 2;

/// Lives on the loop's thread.
class crasher : public std::enable_shared_from_this<crasher> {
public:
  crasher(std::shared_ptr<cdp::chrome> chrome, target_id target)
    : chrome_{std::move(chrome)}, target_{std::move(target)} {
    // nop
  }

  std::future<bool> run() {
    auto me = shared_from_this();
    chrome_->start({[me](const cdp::chrome_started&) {
                      me->send(attach, "Target.attachToTarget",
                               R"({"flatten":true,"targetId":)"
                                 + cdp::quote(me->target_.value) + "}",
                               {});
                    },
                    [me](const cdp::frame_ptr& x) {
                      me->hear(x);
                    },
                    [me](const cdp::chrome_ended&) {
                      me->finish(false);
                    }});
    return done_.get_future();
  }

  timestamp told() const {
    return told_;
  }

private:
  void hear(const cdp::frame_ptr& x) {
    if (x->head.is_answer() && x->head.id == attach) {
      auto session = cdp::read_text_field(x->head.result, "sessionId");
      if (session.empty())
        return finish(false);
      told_ = std::chrono::steady_clock::now();
      send(crash, "Page.crash", {}, session);
    } else if (x->head.method == "Inspector.targetCrashed")
      finish(true);
  }

  void send(uint64_t id, const char* method, const std::string& params,
            const std::string& session) {
    chrome_->send(cdp::write_command(id, method, params, session));
  }

  void finish(bool crashed) {
    if (!std::exchange(finished_, true))
      done_.set_value(crashed);
  }

  std::shared_ptr<cdp::chrome> chrome_;
  target_id target_;
  timestamp told_;
  bool finished_ = false;
  std::promise<bool> done_;
};

} // namespace

std::optional<timestamp>
crash_page(const std::string& endpoint, const target_id& target) {
  auto loop = std::make_shared<cdp::io_loop>();
  cdp::attach_options options;
  options.url = endpoint;
  auto chrome = cdp::attached_chrome(loop, options);
  auto it = std::make_shared<crasher>(chrome, target);
  auto done = it->run();
  auto crashed
    = done.wait_for(patience) == std::future_status::ready && done.get();
  chrome->stop(0ms);
  if (!crashed)
    return std::nullopt;
  return it->told();
}

} // namespace berth::apps::contend

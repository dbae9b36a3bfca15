#include "cdp/transport/real_chrome.hpp"

#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/http_get.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/websocket.hpp"

#include <asio.hpp>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace berth::cdp {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds poll_every{10};

/// How long killed children may take to be gone.
constexpr milliseconds children_max{5000};

/// The transport's own calls have ids that no caller uses (below 2^30).
constexpr uint64_t greeting_id = 1073741823;

/// What both kinds have in common: one connection, and who hears what. All
/// members but the public ones run on the loop's thread.
class connected_chrome : public chrome,
                         public std::enable_shared_from_this<connected_chrome> {
public:
  explicit connected_chrome(std::shared_ptr<io_loop> loop)
    : loop_{std::move(loop)},
      timer_{*static_cast<asio::io_context*>(loop_->context())} {
    // nop
  }

  void start(chrome_listener listener) override {
    loop_->post(
      [me = shared_from_this(), listener = std::move(listener)]() mutable {
        me->listener_ = std::move(listener);
        me->begin();
      });
  }

  void send(std::string message) override {
    // Before `started` nobody sends: the pointer is set by then.
    if (auto socket = std::atomic_load(&socket_))
      socket->send(std::move(message));
  }

  void
  route(std::string session, std::function<void(frame_ptr)> heard) override {
    std::lock_guard guard{routes_mutex_};
    routes_[std::move(session)] = std::move(heard);
  }

  void unroute(const std::string& session) override {
    std::lock_guard guard{routes_mutex_};
    routes_.erase(session);
  }

  void stop(milliseconds patience) override {
    loop_->post([me = shared_from_this(), patience] {
      me->finish(patience);
    });
  }

protected:
  virtual void begin() = 0;
  virtual void finish(milliseconds patience) = 0;
  virtual void lost(const std::string& why) = 0;
  virtual int64_t pid() const = 0;

  void connect(const std::string& url, std::size_t message_max,
               milliseconds within) {
    endpoint_ = url;
    auto weak = weak_from_this();
    websocket::events events;
    events.opened = [weak] {
      if (auto me = weak.lock())
        me->ask_version();
    };
    events.heard = [weak](std::string text) {
      if (auto me = weak.lock())
        me->hear(std::make_shared<const frame>(std::move(text)));
    };
    events.closed = [weak](const std::string& why) {
      if (auto me = weak.lock())
        me->lost(why);
    };
    std::atomic_store(
      &socket_,
      websocket::connect(loop_, {url, message_max, within}, std::move(events)));
  }

  void disconnect() {
    if (auto socket = std::atomic_exchange(&socket_, {}))
      socket->close();
  }

  /// Once; whatever comes later is not told.
  void end(chrome_end cause, std::string detail) {
    timer_.cancel();
    disconnect();
    {
      std::lock_guard guard{routes_mutex_};
      routes_.clear();
    }
    auto listener = std::exchange(listener_, {});
    if (listener.ended)
      listener.ended({cause, std::move(detail)});
  }

  bool over() const {
    return !listener_.ended;
  }

  bool announced() const {
    return announced_;
  }

  bool stopping_ = false;

  /// Runs `then` after a while, unless another call takes its place.
  void later(milliseconds wait, std::function<void()> then) {
    timer_.expires_after(wait);
    timer_.async_wait(
      [me = shared_from_this(), then = std::move(then)](auto failed) {
        if (!failed)
          then();
      });
  }

  std::shared_ptr<io_loop> loop_;

private:
  void ask_version() {
    send(R"({"id":1073741823,"method":"Browser.getVersion"})");
  }

  void hear(frame_ptr x) {
    if (!announced_ && x->head.id == greeting_id) {
      if (stopping_)
        return;
      announced_ = true;
      timer_.cancel();
      if (listener_.started)
        listener_.started({product(x->head.result), endpoint_, pid()});
      return;
    }
    std::function<void(frame_ptr)> heard;
    if (!x->head.session.empty()) {
      std::lock_guard guard{routes_mutex_};
      auto i = routes_.find(x->head.session);
      if (i != routes_.end())
        heard = i->second;
    }
    if (heard)
      heard(std::move(x));
    else if (listener_.heard)
      listener_.heard(std::move(x));
  }

  static std::string product(std::string_view version) {
    constexpr std::string_view key = R"("product":")";
    auto from = version.find(key);
    if (from == std::string_view::npos)
      return "Chrome";
    from += key.size();
    return std::string{version.substr(from, version.find('"', from) - from)};
  }

  chrome_listener listener_;
  std::string endpoint_;
  bool announced_ = false;
  asio::steady_timer timer_;
  std::shared_ptr<websocket> socket_;
  std::mutex routes_mutex_;
  std::map<std::string, std::function<void(frame_ptr)>, std::less<>> routes_;
};

// -- managed ------------------------------------------------------------------

class real_managed_chrome : public connected_chrome {
public:
  real_managed_chrome(std::shared_ptr<io_loop> loop, launch_options how)
    : connected_chrome{std::move(loop)}, how_{std::move(how)} {
    // nop
  }

  ~real_managed_chrome() override {
    if (process_)
      process_->kill();
  }

private:
  int64_t pid() const override {
    return process_ ? process_->pid() : 0;
  }

  void begin() override {
    std::string trouble;
    process_ = chrome_process::launch(how_, trouble);
    if (!process_)
      return end(chrome_end::not_started, trouble);
    give_up_at_ = steady_clock::now() + how_.start_within;
    await_endpoint();
  }

  void await_endpoint() {
    if (over())
      return;
    if (auto how = process_->ended())
      return fail_start(*how);
    if (auto url = process_->endpoint()) {
      auto left = std::chrono::duration_cast<milliseconds>(
        give_up_at_ - steady_clock::now());
      later(std::max(left, milliseconds{1}), [this] {
        process_->kill();
        fail_start("Chrome opened its port, but does not answer.");
      });
      return connect(*url, how_.message_max, how_.start_within);
    }
    if (steady_clock::now() >= give_up_at_) {
      process_->kill();
      return fail_start("Chrome did not open its port within "
                        + std::to_string(how_.start_within.count()) + " ms.");
    }
    later(poll_every, [this] {
      await_endpoint();
    });
  }

  void fail_start(const std::string& why) {
    auto words = process_->last_words();
    bury([this, text = words.empty() ? why : why + " It said: " + words] {
      end(chrome_end::not_started, text);
    });
  }

  /// The connection is gone, and so is the use of the process.
  void lost(const std::string& why) override {
    if (over() || stopping_)
      return;
    auto how = process_->ended();
    process_->kill();
    auto words = how ? *how : "The connection to Chrome broke: " + why + ".";
    bury([this, words] {
      end(chrome_end::connection_lost, words);
    });
  }

  void finish(milliseconds patience) override {
    if (over() || std::exchange(stopping_, true))
      return;
    if (!process_)
      return end(chrome_end::stopped, {});
    if (patience.count() > 0 && announced())
      send(R"({"id":1073741822,"method":"Browser.close"})");
    else
      process_->ask_to_end();
    give_up_at_ = steady_clock::now() + patience;
    await_end();
  }

  void await_end() {
    if (process_->ended())
      return bury([this] {
        end(chrome_end::stopped, {});
      });
    if (steady_clock::now() >= give_up_at_) {
      process_->kill();
      return bury([this] {
        end(chrome_end::stopped, {});
      });
    }
    later(poll_every, [this] {
      await_end();
    });
  }

  /// Its children outlive it for a moment, and write into its profile.
  void bury(std::function<void()> then) {
    if (!process_->ended())
      return later(poll_every, [this, then = std::move(then)] {
        bury(then);
      });
    ::kill(-process_->pid(), SIGKILL);
    await_children(std::move(then), steady_clock::now() + children_max);
  }

  void
  await_children(std::function<void()> then, steady_clock::time_point until) {
    if (group_lives(process_->pid()) && steady_clock::now() < until)
      return later(poll_every, [this, then = std::move(then), until] {
        await_children(then, until);
      });
    process_->clean_up();
    then();
  }

  launch_options how_;
  std::optional<chrome_process> process_;
  steady_clock::time_point give_up_at_;
};

// -- attached -----------------------------------------------------------------

class real_attached_chrome : public connected_chrome {
public:
  real_attached_chrome(std::shared_ptr<io_loop> loop, attach_options how)
    : connected_chrome{std::move(loop)}, how_{std::move(how)} {
    // nop
  }

private:
  int64_t pid() const override {
    return 0;
  }

  void begin() override {
    later(how_.connect_within, [this] {
      end(chrome_end::unreachable, "Nothing answers at " + how_.url + ".");
    });
    if (how_.url.rfind("ws://", 0) == 0)
      return connect(how_.url, how_.message_max, how_.connect_within);
    auto me
      = std::static_pointer_cast<real_attached_chrome>(shared_from_this());
    find_endpoint(
      *loop_, how_.url, [me](const std::string& url, const std::string& why) {
        if (me->over())
          return;
        if (url.empty())
          me->end(chrome_end::unreachable,
                  "There is no Chrome at " + me->how_.url + ": " + why + ".");
        else
          me->connect(url, me->how_.message_max, me->how_.connect_within);
      });
  }

  void lost(const std::string& why) override {
    if (!over())
      end(chrome_end::connection_lost,
          "The connection to " + how_.url + " broke: " + why + ".");
  }

  /// It was there before us, and stays.
  void finish(milliseconds) override {
    if (!over())
      end(chrome_end::stopped, {});
  }

  attach_options how_;
};

} // namespace

std::shared_ptr<chrome>
managed_chrome(std::shared_ptr<io_loop> loop, launch_options options) {
  return std::make_shared<real_managed_chrome>(std::move(loop),
                                               std::move(options));
}

std::shared_ptr<chrome>
attached_chrome(std::shared_ptr<io_loop> loop, attach_options options) {
  return std::make_shared<real_attached_chrome>(std::move(loop),
                                                std::move(options));
}

std::string find_chrome() {
  auto path = std::getenv("PATH");
  std::istringstream folders{path ? path : "/usr/bin"};
  for (std::string folder; std::getline(folders, folder, ':');)
    for (auto name : {"chromium", "chromium-browser", "google-chrome",
                      "google-chrome-stable"}) {
      auto file = folder + "/" + name;
      if (::access(file.c_str(), X_OK) == 0)
        return file;
    }
  return {};
}

} // namespace berth::cdp

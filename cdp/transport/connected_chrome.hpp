// What managed and attached Chromes have in common: for their sources only.

#pragma once

#include "cdp/chrome.hpp"
#include "cdp/message.hpp"
#include "cdp/transport/io_loop.hpp"
#include "cdp/transport/pipe_link.hpp"
#include "cdp/transport/session_routes.hpp"
#include "cdp/transport/websocket.hpp"
#include "cdp/virtual_root.hpp"

#include <asio.hpp>
#include <atomic>
#include <optional>
#include <random>
#include <utility>

namespace berth::cdp {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// The transport's own calls have ids that no caller uses (below 2^30).
inline constexpr uint64_t greeting_id = 1073741823;

/// One connection, and who hears what. All
/// members but the public ones run on the loop's thread.
class connected_chrome : public chrome,
                         public std::enable_shared_from_this<connected_chrome> {
public:
  explicit connected_chrome(std::shared_ptr<io_loop> loop)
    : loop_{std::move(loop)},
      timer_{*static_cast<asio::io_context*>(loop_->context())},
      turn_{*static_cast<asio::io_context*>(loop_->context())} {
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
    loop_->run_soon(
      [me = shared_from_this(), message = std::move(message)]() mutable {
        me->put(std::move(message), false);
      });
  }

  void send_in_turn(std::string message) override {
    loop_->run_soon(
      [me = shared_from_this(), message = std::move(message)]() mutable {
        me->put(std::move(message), true);
      });
  }

  bool take_back(uint64_t id) override {
    bool result = routes_.take_back(id);
    write_soon();
    return result;
  }

  void route(std::string session, uint64_t lease,
             std::function<void(frame_ptr)> heard) override {
    routes_.route(std::move(session), lease, std::move(heard),
                  steady_clock::now());
  }

  void unroute(const std::string& session) override {
    routes_.unroute(session, steady_clock::now());
    write_soon();
  }

  void stop(milliseconds patience) override {
    loop_->post([me = shared_from_this(), patience] {
      me->finish(patience);
    });
  }

  void let_go() override {
    // At once: what else the loop has to do now does not reach Chrome.
    auto link = std::atomic_exchange(&link_, {});
    loop_->post([me = shared_from_this(), link] {
      me->abandon();
      if (link)
        link->close();
    });
  }

protected:
  virtual void begin() = 0;
  virtual void finish(milliseconds patience) = 0;
  virtual void lost(const std::string& why) = 0;
  virtual int64_t pid() const = 0;
  virtual bool ran_before() const = 0;

  /// Nobody is told anything any more.
  virtual void abandon() {
    forget_later();
    disconnect();
    routes_.clear();
    listener_ = {};
  }

  void connect(const std::string& url, std::size_t message_max,
               milliseconds within) {
    endpoint_ = url;
    auto present = next_connection();
    chrome_link::events events;
    events.opened = [present] {
      if (auto me = present())
        me->ask_version();
    };
    events.heard = [present](std::string text, std::size_t bytes) {
      if (auto me = present())
        me->hear(std::make_shared<const frame>(std::move(text)), bytes);
    };
    events.drained = [present] {
      if (auto me = present())
        me->write_next();
    };
    events.closed = [present](const std::string& why) {
      if (auto me = present())
        me->lost(why);
    };
    std::atomic_store(
      &link_,
      connect_websocket(loop_, {url, message_max, within}, std::move(events)));
  }

  /// @param used_before By somebody who may have left it in any state.
  void connect(pipe_options how, bool used_before) {
    root_.emplace(static_cast<uint32_t>(std::random_device{}()));
    auto present = next_connection();
    chrome_link::events events;
    events.opened = [present, used_before] {
      if (auto me = present())
        me->write(me->root_->open(used_before));
    };
    events.heard = [present](std::string text, std::size_t bytes) {
      if (auto me = present())
        me->hear_in_root(std::move(text), bytes);
    };
    events.drained = [present] {
      if (auto me = present())
        me->write_next();
    };
    events.closed = [present](const std::string& why) {
      if (auto me = present())
        me->lost(why);
    };
    std::atomic_store(&link_,
                      open_pipes(loop_, std::move(how), std::move(events)));
  }

  void disconnect() {
    ++connections_;
    routes_.begin_anew();
    turn_.cancel();
    if (auto link = std::atomic_exchange(&link_, {}))
      link->close();
  }

  /// Once; whatever comes later is not told.
  void end(chrome_end cause, std::string detail) {
    forget_later();
    disconnect();
    routes_.clear();
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
    timer_.async_wait([me = shared_from_this(), then = std::move(then),
                       mine = ++planned_](auto failed) {
      if (!failed && me->planned_ == mine)
        then();
    });
  }

  /// What `later` was told is not done any more. The timer alone does not see
  /// to that: what it has queued runs.
  void forget_later() {
    ++planned_;
    timer_.cancel();
  }

  std::shared_ptr<io_loop> loop_;

private:
  /// What an earlier connection has still to say is not heard.
  std::function<std::shared_ptr<connected_chrome>()> next_connection() {
    return [weak = weak_from_this(), mine = ++connections_] {
      auto me = weak.lock();
      return me && me->connections_ == mine
               ? me
               : std::shared_ptr<connected_chrome>{};
    };
  }

  /// What is not waited for any more may have been what others waited for.
  void write_soon() {
    loop_->post([me = shared_from_this()] {
      me->write_next();
    });
  }

  void write(std::vector<std::string> texts) {
    // Before `started` nobody sends: the pointer is set by then.
    if (auto link = std::atomic_load(&link_))
      for (auto& text : texts)
        link->send(std::move(text));
  }

  void put(std::string message, bool in_turn) {
    if (!std::atomic_load(&link_))
      return;
    outgoing what{std::move(message), 0, {}};
    std::string why;
    if (root_ ? !root_->address(what, why) : !address(what, why)) {
      refuse(what.text, why);
      return;
    }
    if (!routes_.put(what, in_turn, steady_clock::now())) {
      refuse(what.text, "It was not sent: too many commands wait for Chrome "
                        "already. Wait for answers first.");
      return;
    }
    write_next();
  }

  /// As the root of a managed one does.
  static bool address(outgoing& what, std::string& why) {
    envelope head;
    why = read_command(what.text, head);
    if (!why.empty())
      return false;
    what.id = head.id;
    what.session = head.session;
    return true;
  }

  /// As much as Chrome takes soon: who comes next is decided late.
  void write_next() {
    auto link = std::atomic_load(&link_);
    if (!link)
      return;
    auto now = steady_clock::now();
    std::optional<steady_clock::time_point> due;
    while (!link->is_full()) {
      auto turn = routes_.next(now);
      due = turn.due;
      if (!turn.text)
        break;
      link->send(std::move(*turn.text));
    }
    if (!due)
      return;
    turn_.expires_at(*due);
    turn_.async_wait([weak = weak_from_this()](auto failed) {
      if (auto me = weak.lock(); me && !failed)
        me->write_next();
    });
  }

  /// Every call is answered, also one that Chrome never sees.
  void refuse(const std::string& message, const std::string& why) {
    envelope head;
    if (!read_envelope(message, head) || head.id == 0)
      return;
    if (root_ && head.session == root_->session())
      head.session = {};
    auto refusal = write_refusal(head, why);
    loop_->post([me = shared_from_this(), refusal = std::move(refusal)] {
      me->hear(std::make_shared<const frame>(refusal), 0);
    });
  }

  void hear_in_root(std::string text, std::size_t bytes) {
    auto result = root_->hear(std::move(text));
    write(std::move(result.write));
    switch (result.what) {
      case virtual_root::outcome::opened:
        ask_version();
        break;
      case virtual_root::outcome::delivered:
        hear(std::move(result.message), bytes);
        break;
      case virtual_root::outcome::closed:
        lost(result.why);
        break;
      case virtual_root::outcome::nothing:
        break;
    }
  }

  void ask_version() {
    send(R"({"id":1073741823,"method":"Browser.getVersion"})");
  }

  /// @param bytes As many as Chrome sent.
  void hear(frame_ptr x, std::size_t bytes) {
    if (!announced_ && x->head.id == greeting_id) {
      if (stopping_)
        return;
      announced_ = true;
      forget_later();
      if (listener_.started)
        listener_.started(
          {product(x->head.result), endpoint_, pid(), ran_before()});
      return;
    }
    auto to = routes_.find(*x, bytes, steady_clock::now());
    if (to.is_leased)
      write_next();
    if (to.heard)
      to.heard(std::move(x));
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
  uint64_t connections_ = 0; ///< So far; the last one counts.
  asio::steady_timer timer_;
  uint64_t planned_ = 0;    ///< By `later`; the last one counts.
  asio::steady_timer turn_; ///< When something that waits may be sent.
  std::shared_ptr<chrome_link> link_;
  std::optional<virtual_root> root_; ///< Of a managed one.
  session_routes routes_;
};

} // namespace berth::cdp

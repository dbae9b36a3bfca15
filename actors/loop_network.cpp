#include "actors/loop_network.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>

#include <asio.hpp>
#include <chrono>
#include <future>
#include <unistd.h>

namespace berth::actors {

namespace {

namespace net = caf::io::network;

/// How long the network may go on before others on the loop have a turn.
constexpr std::chrono::microseconds turn{200};

net::native_socket epoll_of(net::default_multiplexer& x);

/// CAF tells nobody what it waits on. An explicit instantiation may name what
/// is private: the only way to wait for CAF's sockets together with others.
template <net::native_socket net::default_multiplexer::*Member>
struct revealed {
  friend net::native_socket epoll_of(net::default_multiplexer& x) {
    return x.*Member;
  }
};

template struct revealed<&net::default_multiplexer::epollfd_>;

/// CAF's multiplexer, polled by the loop whenever one of its sockets is ready,
/// or one of its brokers has something to do.
///
/// Invariant: while brokers have jobs, a turn is posted or under way; outside
/// of `start` and `stop` nothing is posted.
class loop_multiplexer : public net::default_multiplexer {
public:
  loop_multiplexer(caf::actor_system* system,
                   std::shared_ptr<cdp::io_loop> loop)
    : default_multiplexer(system),
      loop_(std::move(loop)),
      context_(*static_cast<asio::io_context*>(loop_->context())),
      ready_(context_, ::dup(epoll_of(*this))) {
    // nop
  }

  void start() {
    on_loop([this] {
      thread_id(std::this_thread::get_id());
      serving_ = true;
      take_turn();
      wait();
    });
  }

  /// After this the loop knows nothing of us.
  void stop() {
    on_loop([this] {
      serving_ = false;
      ready_.close();
    });
    on_loop([] {});
  }

  /// From other threads it wakes the loop by itself.
  void exec_later(caf::resumable* job) override {
    auto kind = job->subtype();
    default_multiplexer::exec_later(job);
    bool ours = kind == caf::resumable::io_actor
                || kind == caf::resumable::function_object;
    if (ours && std::this_thread::get_id() == thread_id())
      post_turn();
  }

  /// CAF ends its network from the thread that destroys the system.
  bool try_run_once() override {
    on_loop([this] {
      while (poll_once(false))
        ; // nop
    });
    return false;
  }

private:
  template <class Job>
  void on_loop(Job job) {
    std::promise<void> done;
    asio::post(context_, [&] {
      job();
      done.set_value();
    });
    done.get_future().wait();
  }

  // -- on the loop's thread ---------------------------------------------------

  void post_turn() {
    if (!serving_ || std::exchange(more_, true) || polling_)
      return;
    asio::post(context_, [this] {
      take_turn();
    });
  }

  void wait() {
    ready_.async_wait(asio::posix::descriptor_base::wait_read,
                      [this](const asio::error_code& failed) {
                        if (failed)
                          return;
                        take_turn();
                        wait();
                      });
  }

  void take_turn() {
    polling_ = true;
    auto until = std::chrono::steady_clock::now() + turn;
    do {
      more_ = false;
      poll_once(false);
    } while (more_ && std::chrono::steady_clock::now() < until);
    polling_ = false;
    if (std::exchange(more_, false))
      post_turn();
  }

  std::shared_ptr<cdp::io_loop> loop_;
  asio::io_context& context_;
  asio::posix::stream_descriptor ready_;
  bool serving_ = false;
  bool polling_ = false; ///< A turn is under way.
  bool more_ = false;    ///< Since the last poll began, brokers got jobs.
};

class loop_middleman : public caf::io::middleman {
public:
  loop_middleman(caf::actor_system& system, std::shared_ptr<cdp::io_loop> loop)
    : middleman(system), backend_(&system, std::move(loop)) {
    // nop
  }

  void start() override {
    middleman::start();
    backend_.start();
  }

  void stop() override {
    middleman::stop();
    backend_.stop();
  }

  net::multiplexer& backend() override {
    return backend_;
  }

private:
  loop_multiplexer backend_;
};

} // namespace

void run_network_on(caf::actor_system_config& config,
                    const std::shared_ptr<cdp::io_loop>& loop) {
  config.set("middleman.manual-multiplexing", true);
  // They read messages on the scheduler's threads, and the network waits for
  // them when it ends: here it would wait for itself.
  config.set("middleman.workers", size_t{0});
  config.module_factories.emplace_back(
    [loop](caf::actor_system& system) -> caf::actor_system::module* {
      return new loop_middleman(system, loop);
    });
}

} // namespace berth::actors

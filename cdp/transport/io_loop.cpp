#include "cdp/transport/io_loop.hpp"

#include <asio.hpp>
#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

namespace berth::cdp {

namespace {

/// A thread and what it is to do. It has a share of that, as it may be the one
/// who lets go of it last.
class worker {
public:
  worker() {
    thread_ = std::thread{[x = io_] {
      // A pipe whose reader is gone shall fail to be written, and no more.
      sigset_t broken_pipe;
      sigemptyset(&broken_pipe);
      sigaddset(&broken_pipe, SIGPIPE);
      ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
      x->run();
    }};
  }

  ~worker() {
    work_.reset();
    io_->stop();
    // The last who uses it may be one of its own handlers.
    if (thread_.get_id() == std::this_thread::get_id())
      thread_.detach();
    else
      thread_.join();
  }

  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  asio::io_context& io() {
    return *io_;
  }

private:
  std::shared_ptr<asio::io_context> io_ = std::make_shared<asio::io_context>(1);
  asio::executor_work_guard<asio::io_context::executor_type> work_{
    io_->get_executor()};
  std::thread thread_;
};

} // namespace

struct io_loop::impl {
  worker loop;
  std::mutex mutex; ///< Guards what follows.
  /// Not before they have something to do.
  std::optional<worker> aside;
  std::optional<worker> disk;

  void run(std::optional<worker>& on, std::function<void()> job) {
    std::lock_guard<std::mutex> guard{mutex};
    if (!on)
      on.emplace();
    asio::post(on->io(), std::move(job));
  }
};

io_loop::io_loop() : impl_{std::make_unique<impl>()} {
  // nop
}

io_loop::~io_loop() = default;

void io_loop::post(std::function<void()> job) {
  asio::post(impl_->loop.io(), std::move(job));
}

void io_loop::run_soon(std::function<void()> job) {
  asio::dispatch(impl_->loop.io(), std::move(job));
}

void io_loop::aside(std::function<void()> job) {
  impl_->run(impl_->aside, std::move(job));
}

void io_loop::on_disk(std::function<void()> job) {
  impl_->run(impl_->disk, std::move(job));
}

void* io_loop::context() {
  return &impl_->loop.io();
}

} // namespace berth::cdp

#include "cdp/transport/io_loop.hpp"

#include <asio.hpp>
#include <csignal>
#include <thread>

namespace berth::cdp {

struct io_loop::impl {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{
    io.get_executor()};
  std::thread thread;
};

io_loop::io_loop() : impl_{std::make_shared<impl>()} {
  impl_->thread = std::thread{[x = impl_] {
    // A pipe whose reader is gone shall fail to be written, and no more.
    sigset_t broken_pipe;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    x->io.run();
  }};
}

io_loop::~io_loop() {
  impl_->work.reset();
  impl_->io.stop();
  // The last who uses the loop may be one of its own handlers.
  if (impl_->thread.get_id() == std::this_thread::get_id())
    impl_->thread.detach();
  else
    impl_->thread.join();
}

void io_loop::post(std::function<void()> job) {
  asio::post(impl_->io, std::move(job));
}

void io_loop::run_soon(std::function<void()> job) {
  asio::dispatch(impl_->io, std::move(job));
}

void* io_loop::context() {
  return &impl_->io;
}

} // namespace berth::cdp

#pragma once

#include <functional>
#include <memory>

namespace berth::cdp {

/// The one thread on which all sockets to Chrome are served. Also included
/// from C++17 files; Asio itself stays inside.
class io_loop {
public:
  io_loop();
  ~io_loop(); ///< Stops, and joins unless it runs on the loop's own thread.
  io_loop(const io_loop&) = delete;
  io_loop& operator=(const io_loop&) = delete;

  /// Runs `job` on the loop's thread, later.
  void post(std::function<void()> job);

  /// The same, but at once if this is the loop's thread.
  void run_soon(std::function<void()> job);

  /// The asio::io_context, for files that may include Asio.
  void* context();

private:
  struct impl;
  std::shared_ptr<impl> impl_;
};

} // namespace berth::cdp

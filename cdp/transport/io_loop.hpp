#pragma once

#include <functional>
#include <memory>

namespace berth::cdp {

/// The one thread on which all sockets to Chrome are served. Also included
/// from C++17 files; Asio itself stays inside.
class io_loop {
public:
  io_loop();
  ~io_loop(); ///< Stops, and joins unless it runs on one of its own threads.
  io_loop(const io_loop&) = delete;
  io_loop& operator=(const io_loop&) = delete;

  /// Runs `job` on the loop's thread, later.
  void post(std::function<void()> job);

  /// The same, but at once if this is the loop's thread.
  void run_soon(std::function<void()> job);

  /// Runs `job` on another thread, one after the other: what looks at many
  /// processes must not stop everybody else. What is not begun when the loop
  /// ends is dropped.
  void aside(std::function<void()> job);

  /// The same on a third one, for what waits for a disk.
  void on_disk(std::function<void()> job);

  /// The asio::io_context, for files that may include Asio.
  void* context();

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace berth::cdp

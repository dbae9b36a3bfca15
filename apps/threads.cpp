#include "apps/threads.hpp"

#include <latch>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace berth::apps {

std::optional<protocol::failure> lacks_threads(std::size_t count) {
  std::latch all_there{1};
  std::vector<std::thread> threads;
  std::optional<protocol::failure> result;
  threads.reserve(count);
  try {
    while (threads.size() < count)
      threads.emplace_back([&] {
        all_there.wait();
      });
  } catch (const std::system_error& x) {
    result = protocol::fail(
      protocol::errc::internal,
      "The system gives this process " + std::to_string(threads.size())
        + " of the " + std::to_string(count)
        + " threads that it needs: " + x.code().message()
        + ". Nothing was begun. Raise the limit of processes (ulimit -u), or "
          "end some.");
  }
  all_there.count_down();
  for (auto& x : threads)
    x.join();
  return result;
}

} // namespace berth::apps

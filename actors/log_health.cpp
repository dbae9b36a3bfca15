#include "actors/log_health.hpp"

#include <cstdint>
#include <fmt/core.h>
#include <mutex>
#include <spdlog/async.h>

namespace berth::actors {

namespace {

struct account {
  std::mutex mutex;
  uint64_t lost = 0;
  std::string why; ///< Of the last one.
};

account& mine() {
  static account result;
  return result;
}

} // namespace

void note_lost_line(const std::string& why) {
  auto& x = mine();
  std::lock_guard guard{x.mutex};
  ++x.lost;
  x.why = why;
}

std::string log_trouble() {
  std::string result;
  auto add = [&](uint64_t count, const std::string& what) {
    if (count == 0)
      return;
    result += (result.empty() ? "" : " ")
              + fmt::format("{} line{} of the log {}.", count,
                            count == 1 ? "" : "s", what);
  };
  auto& x = mine();
  {
    std::lock_guard guard{x.mutex};
    add(x.lost, "could not be written: " + x.why);
  }
  if (auto queue = spdlog::thread_pool())
    add(queue->overrun_counter(), "gave way to newer ones: its reader is slow");
  return result;
}

} // namespace berth::actors

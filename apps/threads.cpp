#include "apps/threads.hpp"

#include "apps/print.hpp"

#include <cstdio>
#include <latch>
#include <malloc.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace berth::apps {

namespace {

constexpr std::size_t touched = 1000; ///< Bytes.

/// Why so many cannot be had; empty if they can.
std::string try_threads(std::size_t count) {
  std::latch all_there{1};
  std::vector<std::thread> threads;
  std::string result;
  threads.reserve(count);
  try {
    while (threads.size() < count)
      threads.emplace_back([&] {
        // What a thread gets with its first text stays with the process.
        auto text = std::make_unique<std::string>(touched, ' ');
        all_there.wait();
      });
  } catch (const std::system_error& x) {
    result = "The system gives this process " + std::to_string(threads.size())
             + " of the " + std::to_string(count)
             + " threads that it needs: " + x.code().message() + ".";
  }
  all_there.count_down();
  for (auto& x : threads)
    x.join();
  return result;
}

} // namespace

void share_memory_among_threads() {
  ::mallopt(M_ARENA_MAX, 2);
}

std::optional<int>
refuse_without_threads(const context& how, std::size_t count) {
  auto what = try_threads(count);
  if (what.empty())
    return std::nullopt;
  auto not_done = "Nothing was done.";
  auto next = "Raise the limit of processes (ulimit -u) or of memory (ulimit "
              "-v), or end some.";
  if (how.json)
    print_line({{"error",
                 {{"code", "system.limit"},
                  {"what", what},
                  {"not_done", not_done},
                  {"next", next}}}});
  else
    std::fprintf(stderr, "system.limit: %s\n  %s\n  %s\n", what.c_str(),
                 not_done, next);
  return failed;
}

} // namespace berth::apps

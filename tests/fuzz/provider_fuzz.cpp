// A provider's profile, as a user may write one.

#include "apps/provider_files.hpp"

#include "tests/fuzz/target.hpp"

#include <cstdlib>

namespace berth::fuzz {

void try_input(std::string_view text) {
  auto read = apps::read_provider_file("chatgpt.json", std::string{text});
  if (read.known.empty() == read.mistakes.empty())
    std::abort(); // It is known, or something is wrong with it.
  apps::mistakes_of(read);
  for (auto& [name, file] : read.known) {
    auto& at = file.profile;
    protocol::is_conversation(at, text);
    protocol::is_conversation(at, at.start_url);
    auto moved = at;
    protocol::move_provider(moved, "http://127.0.0.1:4711");
    protocol::move_provider(moved, text);
    protocol::timeouts times;
    times.of_provider.emplace(name, at.times);
    protocol::validate(times, std::chrono::hours{2});
    for (auto& [effort, time] : at.times.efforts)
      protocol::run_time(times, name, effort, time.timeout);
  }
}

} // namespace berth::fuzz

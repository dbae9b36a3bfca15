// berth-scenarios: the real actors in a simulated world.

#include "scenarios/story.hpp"
#include "scenarios/swarm.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace {

using namespace berth::scenarios;

int play_swarm(uint64_t first, uint64_t count) {
  size_t messages = 0;
  for (auto seed = first; seed < first + count; ++seed) {
    auto once = run_swarm({.seed = seed});
    messages += once.messages;
    // Every tenth is played again: a run must repeat exactly.
    if (once.complaint.empty() && seed % 10 == 0
        && run_swarm({.seed = seed}).hash != once.hash)
      once.complaint = "a second run took another path";
    if (!once.complaint.empty()) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed),
                  once.complaint.c_str());
      return 1;
    }
  }
  std::printf("%llu seeds clean, %.1f M messages\n",
              static_cast<unsigned long long>(count),
              static_cast<double>(messages) / 1e6);
  return 0;
}

std::string read(const std::string& path) {
  std::ostringstream result;
  result << std::ifstream{path}.rdbuf();
  return result.str();
}

int play_stories(const std::vector<std::string>& files, bool update) {
  int wrong = 0;
  for (const auto& file : files) {
    auto written = read(file);
    auto told = tell_story(written);
    if (update)
      std::ofstream{file} << told;
    else if (told != written) {
      std::printf("%s came out differently:\n\n%s\n", file.c_str(),
                  told.c_str());
      ++wrong;
    }
  }
  return wrong == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"Berth's actors in a simulated world", "berth-scenarios"};
  program.require_subcommand(1);
  uint64_t seeds = 100, seed = 0;
  auto swarm = program.add_subcommand("swarm", "Faults, drawn from seeds");
  swarm->add_option("--seeds", seeds, "How many (default: 100)");
  swarm->add_option("--seed", seed, "Only this one");
  std::vector<std::string> files;
  bool update = false;
  auto story = program.add_subcommand("story", "Transcripts, word for word");
  story->add_option("file", files)->required();
  story->add_flag("--update", update, "Write down what happens");
  CLI11_PARSE(program, argc, argv);
  if (*swarm)
    return seed != 0 ? play_swarm(seed, 1) : play_swarm(1, seeds);
  return play_stories(files, update);
}

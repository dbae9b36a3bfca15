// Plays the daemon's own actors in a world without real time, a real Chrome or
// real processes.

#include "scenarios/naive_trial.hpp"
#include "scenarios/story.hpp"
#include "scenarios/swarm.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace {

using namespace berth::scenarios;

constexpr int bad_usage = 2;

int list_faults(std::FILE* to) {
  for (auto& x : all_faults)
    std::fprintf(to, "%s\n", flag_of(x).c_str());
  return EXIT_SUCCESS;
}

/// What the flags of `swarm` say, and where each goes.
struct swarm_command {
  swarm_options options;
  std::string faults;
  double minutes = 0;
  bool lists = false;
  CLI::App* app = nullptr;

  void join(CLI::App& program) {
    app = program.add_subcommand("swarm", "Unreliable agents, by the seed.");
    app->add_option("--model", options.who, "Who serves: berth or naive.")
      ->transform(CLI::CheckedTransformer(std::map<std::string, model>{
        {"berth", model::berth}, {"naive", model::naive}}));
    app->add_option("--seeds", options.seeds, "How many.")
      ->check(CLI::Range(size_t{1}, size_t{1'000'000'000}));
    app->add_option("--seed", options.first, "The first, or only, one.");
    app->add_option("--faults", faults,
                    "Which strike: names with commas between them, all, none. "
                    "Otherwise each seed draws some.");
    app->add_flag("--list-faults", lists, "Print the names of all faults.");
    app->add_option("--minutes", minutes, "How long the chaos lasts.")
      ->check(CLI::PositiveNumber);
    app->add_option("--jobs", options.jobs, "Processes that share the seeds.")
      ->check(CLI::Range(1, 256));
    app->add_flag("--rate", options.rate, "Print how fast it was.");
    app->add_option("--lines", options.lines,
                    "How many to print of what came before a complaint.");
    app->add_flag("--journal", options.journal,
                  "Print the journal of every run that failed.");
  }

  int run() {
    if (lists)
      return list_faults(stdout);
    if (app->count("--seeds") == 0 && app->count("--seed") > 0)
      options.seeds = 1;
    if (minutes > 0)
      options.chaos = std::chrono::duration_cast<duration>(
        std::chrono::duration<double, std::ratio<60>>{minutes});
    std::string unknown;
    if (app->count("--faults") > 0) {
      options.faults = find_faults(faults, unknown);
      if (!options.faults) {
        std::fprintf(stderr, "There is no fault '%s'. There are:\n",
                     unknown.c_str());
        list_faults(stderr);
        return bad_usage;
      }
    }
    auto good
      = options.who == model::naive ? try_naive(options) : run_swarm(options);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
  }
};

int play(int argc, char** argv) {
  CLI::App app{"Plays Berth's actors in a simulated world."};
  app.require_subcommand(1);
  auto story = app.add_subcommand("story", "Play transcripts.");
  std::vector<std::string> files;
  bool update = false;
  story->add_option("files", files, "*.story")
    ->required()
    ->check(CLI::ExistingFile);
  story->add_flag("--update", update, "Write down what was told instead.");
  swarm_command swarm;
  swarm.join(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& x) {
    return app.exit(x) == 0 ? EXIT_SUCCESS : bad_usage;
  }
  if (swarm.app->parsed())
    return swarm.run();
  return play_stories(files, update) ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return play(argc, argv);
  } catch (const std::exception& x) {
    std::fprintf(stderr, "%s\n", x.what());
    return EXIT_FAILURE;
  }
}

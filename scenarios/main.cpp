// Plays the daemon's own actors in a world without real time, a real Chrome or
// real processes.

#include "scenarios/naive_trial.hpp"
#include "scenarios/story.hpp"
#include "scenarios/swarm.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  using namespace berth::scenarios;
  CLI::App app{"Plays Berth's actors in a simulated world."};
  app.require_subcommand(1);

  auto story = app.add_subcommand("story", "Play transcripts.");
  std::vector<std::string> files;
  bool update = false;
  story->add_option("files", files, "*.story")->required();
  story->add_flag("--update", update, "Write down what was told instead.");

  auto swarm = app.add_subcommand("swarm", "Unreliable agents, by the seed.");
  swarm_options options;
  swarm->add_option("--seeds", options.seeds, "How many.");
  swarm->add_option("--seed", options.first, "The first, or only, one.");
  swarm->add_flag("--journal", options.journal,
                  "Print the journal of every run that failed.");
  std::map<std::string, model> models{{"berth", model::berth},
                                      {"naive", model::naive}};
  swarm->add_option("--model", options.who, "Who serves: berth or naive.")
    ->transform(CLI::CheckedTransformer(models));
  CLI11_PARSE(app, argc, argv);

  if (swarm->parsed() && swarm->count("--seeds") == 0
      && swarm->count("--seed") > 0)
    options.seeds = 1;
  bool good = false;
  if (story->parsed())
    good = play_stories(files, update);
  else if (options.who == model::naive)
    good = try_naive(options);
  else
    good = run_swarm(options);
  return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

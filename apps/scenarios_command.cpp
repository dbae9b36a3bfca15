// The simulated world is a program of its own, beside this one: what serves
// need not carry what is simulated.

#include "apps/children.hpp"
#include "apps/context.hpp"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace berth::apps {

namespace {

constexpr const char* player = "berth-scenarios";

/// Becomes the player. Returns only if there is none.
int become_player(std::vector<std::string> words) {
  std::vector<char*> args;
  for (auto& x : words)
    args.push_back(x.data());
  args.push_back(nullptr);
  auto beside = std::filesystem::path{own_program()}.replace_filename(player);
  ::execv(beside.c_str(), args.data());
  ::execvp(player, args.data());
  std::fprintf(stderr,
               "berth: there is no %s, neither at %s nor on PATH. It is built "
               "and installed with the tests (BERTH_TESTS).\n",
               player, beside.c_str());
  return no_daemon;
}

void add(CLI::App& program, context& how, const std::string& verb,
         const std::string& doc) {
  auto command = program.add_subcommand(verb, doc);
  // All that follows is the player's to understand, `--help` too.
  command->prefix_command()->fallthrough(false)->set_help_flag();
  command->callback([&how, command, verb] {
    how.run = [command, verb] {
      auto words = command->remaining();
      words.insert(words.begin(), {player, verb});
      return become_player(std::move(words));
    };
  });
}

} // namespace

void add_scenarios(CLI::App& program, context& how) {
  add(program, how, "swarm",
      "Play unreliable agents in a simulated world (see swarm --help)");
  add(program, how, "story", "Play transcripts in a simulated world");
}

} // namespace berth::apps

// berth agent: a small agent that drives tabs and checks every answer. The
// demonstration and the contention runs start many of them, each in a process
// of its own.

#include "apps/agent/loop.hpp"
#include "apps/children.hpp"
#include "apps/context.hpp"
#include "apps/print.hpp"

#include <memory>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

using namespace protocol;
using namespace std::chrono_literals;

struct agent_arguments {
  std::string name = "agent";
  std::string key = "web";
  std::string wait = "30s";
  std::string hold = "2s";
  std::string ttl = "10s";
  uint64_t rounds = 1;
  uint64_t eager_every = 0;
  bool cli = false;
};

constexpr auto try_again_after = 100ms;

duration time_of(const std::string& text, duration otherwise) {
  return parse_duration(text).value_or(otherwise);
}

/// Ourselves, with what finds the daemon.
std::vector<std::string> berth_of(const context& how) {
  std::vector<std::string> result{own_program(), "--json"};
  if (!how.host.empty())
    result.insert(result.end(), {"--host", how.host});
  if (how.port)
    result.insert(result.end(), {"--port", std::to_string(*how.port)});
  if (auto dir = how.flags.find("state_dir"); dir != how.flags.end())
    result.insert(result.end(), {"--state-dir", dir->second});
  if (!how.file.empty())
    result.insert(result.end(), {"--config", how.file});
  return result;
}

int run_agent(const context& how, const agent_arguments& with) {
  signal_watch stop;
  agent_habits habits{with.name, time_of(with.wait, 30s),
                      time_of(with.hold, 2s), with.rounds, with.eager_every};
  auto say = [](const agent_line& x) {
    print_line(to_json(x));
  };
  if (with.cli) {
    auto hands = shell_driver(berth_of(how), with.key, time_of(with.ttl, 10s));
    return agent_loop{habits, *hands, stop, say}.run();
  }
  auto drive = [&](client::connection& daemon) {
    auto hands = library_driver(daemon, with.key);
    return agent_loop{habits, *hands, stop, say}.run();
  };
  // Who goes on without end may come between two daemons.
  for (;;) {
    auto code = with_daemon(how, with.name, drive);
    bool nobody = code == exit_code_of(errc::unreachable);
    if (!nobody || with.rounds > 0)
      return code;
    if (stop.wait(try_again_after))
      return done;
  }
}

} // namespace

void add_agent(CLI::App& program, context& how) {
  auto with = std::make_shared<agent_arguments>();
  auto agent = program.add_subcommand(
    "agent", "Be a small agent that drives tabs and checks every answer");
  agent->add_option("--name", with->name, "What its page shows");
  agent->add_option("--key", with->key, "What caps count by");
  agent->add_option("--wait", with->wait, "How long to wait for a turn");
  agent->add_option("--hold", with->hold, "How long to drive the tab");
  agent->add_option("--rounds", with->rounds,
                    "How many turns (0: until it is told to end)");
  agent->add_option("--eager-every", with->eager_every,
                    "Every so many rounds it does not wait for a turn");
  agent->add_flag("--cli", with->cli,
                  "Drive by the command line, a process for every command");
  agent->add_option("--ttl", with->ttl,
                    "With --cli: how long its lease lives without a command");
  agent->callback([&how, with] {
    how.json = true;
    how.run = [&how, with] {
      return run_agent(how, *with);
    };
  });
}

} // namespace berth::apps

// berth agent: a small agent that takes a tab, drives it and checks that every
// answer comes from its own page. The demonstration and the contention runs
// start many of them, each in a process of its own.

#include "apps/context.hpp"
#include "apps/print.hpp"
#include "apps/signals.hpp"

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace berth::apps {

namespace {

using namespace protocol;

struct agent_arguments {
  std::string name = "agent";
  std::string key = "web";
  std::string wait = "30s";
  std::string hold = "2s";
};

duration time_of(const std::string& text, duration otherwise) {
  return parse_duration(text).value_or(otherwise);
}

/// Commands until the time is over. Returns how many answers were wrong.
uint64_t drive(client::tab& tab, const std::string& name, duration hold,
               const signal_watch& stop) {
  using clock = std::chrono::steady_clock;
  auto until = clock::now() + hold;
  auto page = "data:text/html,<title>" + name + "</title>" + name;
  auto expected = nlohmann::json(name).dump();
  uint64_t commands = 0, wrong = 0;
  if (!tab.navigate(page))
    return 1;
  while (clock::now() < until && !stop.wait(std::chrono::milliseconds{20})) {
    auto answer = tab.evaluate("document.title");
    ++commands;
    if (!answer) {
      print_line(to_json(answer.error()));
      break;
    }
    if (answer->value != expected)
      ++wrong;
  }
  print_line({{"agent", name}, {"commands", commands}, {"wrong", wrong}});
  return wrong;
}

int run_agent(const context& how, const agent_arguments& with) {
  signal_watch stop;
  return with_daemon(how, with.name, [&](client::connection& daemon) {
    acquire what;
    what.key = {with.key};
    what.wait = time_of(with.wait, std::chrono::seconds{30});
    auto tab = daemon.acquire(what);
    if (!tab) {
      auto line = to_json(tab.error());
      line["agent"] = with.name;
      print_line(line);
      return int{try_later};
    }
    auto line = to_json(tab->granted());
    line["agent"] = with.name;
    print_line(line);
    auto wrong = drive(*tab, with.name,
                       time_of(with.hold, std::chrono::seconds{2}), stop);
    if (auto back = tab->release(); !back)
      return report(how, back.error());
    return wrong == 0 ? int{done} : int{failed};
  });
}

} // namespace

void add_agent(CLI::App& program, context& how) {
  auto with = std::make_shared<agent_arguments>();
  auto agent = program.add_subcommand(
    "agent", "Be a small agent that drives a tab and checks every answer");
  agent->add_option("--name", with->name, "What its page shows");
  agent->add_option("--key", with->key, "What caps count by");
  agent->add_option("--wait", with->wait, "How long to wait for a turn");
  agent->add_option("--hold", with->hold, "How long to drive the tab");
  agent->callback([&how, with] {
    how.json = true;
    how.run = [&how, with] {
      return run_agent(how, *with);
    };
  });
}

} // namespace berth::apps

// berth status, berth events

#include "apps/context.hpp"
#include "apps/print.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

int show_status(const context& how) {
  return with_daemon_as_anybody(how, "berth status",
                                [&](client::connection& daemon) {
                                  auto now = daemon.status();
                                  if (!now)
                                    return report(how, now.error());
                                  if (how.json)
                                    print_line(to_json(*now));
                                  else
                                    std::printf("%s", to_text(*now).c_str());
                                  return int{done};
                                });
}

int show_events(const context& how, uint64_t most) {
  return with_daemon_as_operator(how, "berth events",
                                 [&](client::connection& daemon) {
                                   auto all = daemon.recent(most);
                                   if (!all)
                                     return report(how, all.error());
                                   for (const auto& x : *all)
                                     if (how.json)
                                       print_line(to_json(x));
                                     else
                                       std::printf("%s", to_text(x).c_str());
                                   return int{done};
                                 });
}

} // namespace

void add_status(CLI::App& program, context& how) {
  program
    .add_subcommand("status", "Show the browser, the leases and the queue")
    ->callback([&how] {
      how.run = [&how] {
        return show_status(how);
      };
    });
  auto events = program.add_subcommand("events", "Show what happened last");
  auto most = std::make_shared<uint64_t>(50);
  events->add_option("-n,--most", *most, "How many (default: 50)");
  events->callback([&how, most] {
    how.run = [&how, most] {
      return show_events(how, *most);
    };
  });
}

} // namespace berth::apps

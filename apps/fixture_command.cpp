// berth fixture serve: the site that tests talk to, for trying things out.

#include "apps/context.hpp"
#include "apps/fixture/service.hpp"
#include "apps/print.hpp"
#include "apps/signals.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

int serve(const context& how, uint16_t port) {
  signal_watch stop; // Before the server's thread.
  auto site = fixture::service::start(port);
  if (!site)
    return report(how, site.error());
  auto url = site->origin() + "/";
  if (how.json)
    print_line({{"ready", true}, {"url", url}});
  else
    std::printf("The fixture is at %s; %slog tells what it received.\n"
                "Try, in another shell:\n"
                "  berth open '%s'\n"
                "and a prompt such as:\n"
                "  think 1500; stream 40 every 30; pause 800; say that is all\n"
                "Ctrl-C ends it.\n",
                url.c_str(), url.c_str(), url.c_str());
  std::fflush(stdout);
  while (!stop.wait(std::chrono::hours{1}))
    ;
  return done;
}

} // namespace

void add_fixture(CLI::App& program, context& how) {
  auto fixture = program.add_subcommand(
    "fixture", "A web site that answers as its prompts tell it");
  fixture->require_subcommand(1);
  auto serving = fixture->add_subcommand("serve", "Serve it on loopback");
  auto port = std::make_shared<uint16_t>(fixture::usual_port);
  serving->add_option("--port", *port, "Its own port; 0: any free one")
    ->capture_default_str();
  serving->callback([&how, port] {
    how.run = [&how, port] {
      return serve(how, *port);
    };
  });
}

} // namespace berth::apps

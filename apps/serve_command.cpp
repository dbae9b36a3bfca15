// berth serve

#include "actors/daemon_record.hpp"
#include "apps/context.hpp"
#include "apps/log.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"
#include "apps/provider_files.hpp"
#include "apps/service_manager.hpp"
#include "apps/settings.hpp"
#include "apps/signals.hpp"
#include "apps/threads.hpp"
#include "protocol/printable.hpp"
#include "protocol/private_dir.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>
#include <utility>

namespace berth::apps {

namespace {

using namespace protocol;

/// How another shell says that it means this daemon.
std::string program_for(const context& how, const runtime& x) {
  bool usual = x.state_dir() == usual_state_dir();
  return how.program
         + (usual ? "" : " --state-dir " + shell_word(x.state_dir()));
}

void show_ready(const context& how, const runtime& x, const config& with) {
  if (how.json) {
    print_line({{"ready", true},
                {"joined", false},
                {"pid", ::getpid()},
                {"host", with.door.host},
                {"port", x.port()},
                {"browser", x.browser()},
                {"state_dir", x.state_dir()},
                {"epoch", x.epoch()}});
    return;
  }
  auto me = program_for(how, x);
  std::printf("Berth is ready.\n"
              "  clients   caf://%s:%u\n"
              "  browser   %s%s\n"
              "  state     %s\n"
              "Try, in another shell:\n"
              "  %s open https://example.com\n"
              "  %s status\n"
              "  %s lease hold --key web\n"
              "Ctrl-C ends it.\n",
              with.door.host.c_str(), x.port(), x.browser().c_str(),
              with.browser.url.empty() ? "" : " (attached)",
              x.state_dir().c_str(), me.c_str(), me.c_str(), me.c_str());
  std::fflush(stdout);
}

/// Nobody is needed here: somebody else serves already.
void show_joined(const context& how, const daemon_record& x,
                 const config& with) {
  auto directory = state_dir_of(with);
  auto others = options_not_in_force(with, x.settings);
  if (how.json) {
    print_line({{"ready", true},
                {"joined", true},
                {"not_in_force", others},
                {"pid", x.pid},
                {"since", x.since},
                {"host", x.host},
                {"port", x.port},
                {"browser", x.browser},
                {"state_dir", directory},
                {"epoch", x.epoch}});
    return;
  }
  std::printf("Berth is ready: %s, serves here.\n"
              "  clients   caf://%s:%u\n"
              "  browser   %s\n"
              "  state     %s\n",
              actors::describe(x).c_str(), x.host.c_str(), x.port,
              x.browser.c_str(), directory.c_str());
  for (const auto& [name, value] : others)
    std::printf("  not in force: %s = %s; it has '%s'\n", name.c_str(),
                get_option(with, name).value_or("").c_str(), value.c_str());
}

/// The browsers as they are configured when somebody adds one.
runtime::browser_source browsers_by(const context& how) {
  return [file = how.file,
          flags = how.flags]() -> outcome<std::vector<browser_settings>> {
    auto now = load_settings(file, flags);
    if (!now.mistakes.empty())
      return fail(errc::invalid_argument,
                  "The settings are wrong: " + now.mistakes.front().where + ": "
                    + now.mistakes.front().what);
    return browsers_of(now.how);
  };
}

/// Unless the log has said so in the same place.
void tell_of_end(const config& how, const std::string& why) {
  if (how.log.file.empty() && spdlog::should_log(spdlog::level::err))
    return;
  std::fprintf(stderr,
               "The daemon ended by itself: %s\n"
               "  Leases, and a browser that still runs, are left to the next "
               "start.\n"
               "  See the log, and start it again.\n",
               protocol::printable(why).c_str());
}

int serve(const context& how) {
  auto read = load_settings(how.file, how.flags);
  auto providers = load_providers(read.how.provider);
  for (auto& x : mistakes_of(providers))
    read.mistakes.push_back(std::move(x));
  if (!read.mistakes.empty()) {
    std::string all;
    for (const auto& x : read.mistakes)
      all += "\n  " + x.where + ": " + x.what;
    report(how, fail(errc::invalid_argument, "The settings are wrong:" + all));
    return bad_usage;
  }
  share_memory_among_threads();
  signal_watch stop; // Before any thread: the log has one.
  if (auto code = refuse_without_threads(how, daemon_threads))
    return *code;
  if (auto opened = open_log(read.how); !opened)
    return report(how, opened.error()), int{failed};
  auto told_to_end = [&stop] {
    return stop.wait(std::chrono::milliseconds{0});
  };
  auto started = runtime::start_or_join(
    read.how, told_to_end, profiles_of(providers), browsers_by(how));
  if (!started && started.error().code == errc::stopping)
    return done;
  if (!started)
    return report(how, started.error()), int{failed};
  service_manager manager;
  if (auto owner = std::get_if<daemon_record>(&*started)) {
    show_joined(how, *owner, read.how);
    manager.ready(); // Else our end would be taken for a failure.
    return done;
  }
  auto& mine = std::get<runtime>(*started);
  show_ready(how, mine, read.how);
  if (output_is_lost()) { // `daemon.json` tells the same.
    spdlog::warn("standard output cannot be written; the daemon serves");
    forgive_lost_output();
  }
  manager.ready();
  auto why = mine.wait([&] {
    manager.note(mine.looks());
    return told_to_end();
  });
  manager.stopping();
  if (!why.empty())
    spdlog::error("ended by itself: {}", protocol::printable(why));
  // A second signal does not wait for anybody: Chrome is killed as an orphan
  // by whoever starts next.
  stop.let_the_next_end_us();
  mine.stop();
  if (why.empty())
    return done;
  tell_of_end(read.how, why);
  return given_up;
}

} // namespace

void add_serve(CLI::App& program, context& how) {
  auto serving = program.add_subcommand("serve", "Run the daemon");
  for (const auto& x : options()) {
    std::string name = x.name;
    auto flag = "--" + name;
    auto doc = std::string{x.doc} + " ["
               + get_option(config{}, name).value_or("") + "]";
    serving->add_option_function<std::string>(
      flag,
      [&how, name](const std::string& text) {
        how.flags[name] = text;
      },
      doc);
  }
  auto shortcut = [&](const char* flag, const char* name, const char* doc) {
    serving->add_option_function<std::string>(
      flag,
      [&how, name](const std::string& text) {
        how.flags[name] = text;
      },
      doc);
  };
  shortcut("--cdp-url", "browser.url", "Attach to a Chrome that is there");
  shortcut("--state-dir", "state_dir", "The same as --state_dir");
  serving->add_flag_callback(
    "--headful",
    [&how] {
      how.flags["browser.headless"] = "false";
    },
    "Show the browser's window");
  serving->callback([&how] {
    if (how.port)
      how.flags["door.port"] = std::to_string(*how.port);
    if (!how.host.empty())
      how.flags["door.host"] = how.host;
    how.run = [&how] {
      return serve(how);
    };
  });
}

} // namespace berth::apps

// berth browser list, drain, undrain, restart, add, remove

#include "apps/context.hpp"
#include "apps/print.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

using namespace protocol;

constexpr std::string_view prefix = "browser.";

/// Zero is what nobody has said.
config unsaid() {
  config result;
  result.browser.start_within = result.browser.stop_within = {};
  return result;
}

struct browser_arguments {
  config with = unsaid(); ///< Of one that is added, as its `browser`.
  std::string wrong;
};

void show(const context& how, const browser_view& x) {
  if (how.json)
    print_line(to_json(x));
  else
    std::printf("%s", to_text(x).c_str());
}

/// With what admission knows of it, unless it is gone.
int show_now(const context& how, client::connection& daemon,
             const outcome<browser_view>& x) {
  if (!x)
    return report(how, x.error());
  auto now = daemon.status();
  auto seen = *x;
  if (now)
    for (const auto& one : now->browsers)
      if (one.name == x->name)
        seen = one;
  show(how, seen);
  return done;
}

int list(const context& how) {
  return with_daemon(how, "berth browser", [&](client::connection& daemon) {
    auto now = daemon.status();
    if (!now)
      return report(how, now.error());
    for (const auto& x : now->browsers)
      show(how, x);
    return int{done};
  });
}

int change(const context& how, const std::string& name, browser_change what) {
  return with_daemon_as_operator(
    how, "berth browser", [&](client::connection& daemon) {
      return show_now(how, daemon, daemon.change({{name}, what}));
    });
}

/// What of its settings may come with the request.
add_browser asked(const browser_settings& x) {
  add_browser result;
  result.name = x.name;
  result.url = x.url;
  result.start_within = x.start_within;
  result.stop_within = x.stop_within;
  result.per_key = x.per_key;
  result.global = x.global;
  result.tabs = x.tabs;
  result.age_max = x.age_max;
  result.tabs_made_max = x.tabs_made_max;
  result.memory_max = x.memory_max;
  return result;
}

int add_one(const context& how, const browser_arguments& with) {
  if (!with.wrong.empty())
    return misuse(how, with.wrong);
  return with_daemon_as_operator(
    how, "berth browser", [&](client::connection& daemon) {
      return show_now(how, daemon, daemon.add(asked(with.with.browser)));
    });
}

/// What decides which program runs as the daemon's user, and with what: never
/// said over a wire.
bool is_for_the_file_alone(const std::string& setting) {
  return setting == "program" || setting == "flags" || setting == "profile"
         || setting == "headless";
}

/// It takes the settings of [browser] that are harmless, without that word.
void add_settings(CLI::App* to,
                  const std::shared_ptr<browser_arguments>& with) {
  for (const auto& x : options()) {
    std::string name = x.name;
    if (!name.starts_with(prefix) || name == "browser.name")
      continue;
    auto setting = name.substr(prefix.size());
    if (is_for_the_file_alone(setting)) {
      to->add_option_function<std::string>(
          "--" + setting,
          [with, setting](const std::string&) {
            with->wrong = "'" + setting
                          + "' is only taken from the daemon's settings file: "
                            "write a [[browser]] of this name there.";
          })
        ->group("");
      continue;
    }
    to->add_option_function<std::string>(
      "--" + setting,
      [with, name](const std::string& text) {
        if (auto wrong = set_option(with->with, name, text))
          with->wrong = name + ": " + *wrong;
      },
      x.doc);
  }
}

} // namespace

void add_browser_command(CLI::App& program, context& how) {
  auto browsers = program.add_subcommand("browser", "See to the browsers");
  browsers->require_subcommand(1);
  browsers->add_subcommand("list", "Show all browsers")->callback([&how] {
    how.run = [&how] {
      return list(how);
    };
  });
  auto which = std::make_shared<std::string>();
  for (auto [what, doc] :
       {std::pair{browser_change::drain, "Place no new leases there"},
        std::pair{browser_change::undrain, "Place leases there again"},
        std::pair{browser_change::restart, "End its Chrome and start another"},
        std::pair{browser_change::remove,
                  "End it, once it was drained or has no leases"}}) {
    auto one = browsers->add_subcommand(to_string(what), doc);
    one->add_option("name", *which, "Such as main")->required();
    one->callback([&how, which, what = what] {
      how.run = [&how, which, what] {
        return change(how, *which, what);
      };
    });
  }
  auto with = std::make_shared<browser_arguments>();
  auto add = browsers->add_subcommand(
    "add", "Start one more, for as long as this daemon lives");
  add->add_option("name", with->with.browser.name.value, "Such as work")
    ->required();
  add_settings(add, with);
  add->callback([&how, with] {
    how.run = [&how, with] {
      return add_one(how, *with);
    };
  });
}

} // namespace berth::apps

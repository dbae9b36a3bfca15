// berth config check, show

#include "apps/context.hpp"
#include "apps/print.hpp"
#include "apps/provider_files.hpp"
#include "apps/settings.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::apps {

namespace {

int check(const context& how) {
  auto read = load_settings(how.file, how.flags);
  for (auto& x : mistakes_of(load_providers(read.how.provider)))
    read.mistakes.push_back(std::move(x));
  if (how.json) {
    auto mistakes = nlohmann::json::array();
    for (const auto& x : read.mistakes)
      mistakes.push_back({{"where", x.where}, {"what", x.what}});
    print_line({{"file", read.file}, {"mistakes", mistakes}});
  } else {
    for (const auto& x : read.mistakes)
      std::printf("%s: %s\n", x.where.c_str(), x.what.c_str());
    if (read.mistakes.empty())
      std::printf("%s: no mistakes\n",
                  read.file.empty() ? "no file" : read.file.c_str());
  }
  return read.mistakes.empty() ? done : bad_usage;
}

int show(const context& how, bool example) {
  if (example) {
    std::printf("%s", example_file().c_str());
    return done;
  }
  auto read = load_settings(how.file, how.flags);
  nlohmann::json all;
  for (const auto& x : protocol::options()) {
    auto value = protocol::get_option(read.how, x.name).value_or("");
    all[x.name] = value;
    if (!how.json)
      std::printf("%s = %s\n", x.name, value.c_str());
  }
  if (how.json)
    print_line(all);
  return done;
}

} // namespace

void add_config(CLI::App& program, context& how) {
  auto config = program.add_subcommand("config", "Look at the settings");
  config->require_subcommand(1);
  auto checked = config->add_subcommand("check", "Find all mistakes at once");
  checked->add_option("file", how.file, "The settings file");
  checked->callback([&how] {
    how.run = [&how] {
      return check(how);
    };
  });
  auto example = std::make_shared<bool>(false);
  auto shown = config->add_subcommand("show", "Print what is in force");
  shown->add_flag("--example", *example, "Print the example file instead");
  shown->callback([&how, example] {
    how.run = [&how, example] {
      return show(how, *example);
    };
  });
}

} // namespace berth::apps

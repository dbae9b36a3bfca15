// berth provider list, show, check

#include "apps/context.hpp"
#include "apps/print.hpp"
#include "apps/provider_check.hpp"
#include "apps/provider_files.hpp"
#include "apps/settings.hpp"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

using namespace protocol;
using nlohmann::json;

struct provider_arguments {
  std::string name;
  std::string url;
};

std::string to_text(const provider_mistake& x) {
  return place_of(x) + ": " + what_of(x);
}

json to_json(const std::vector<provider_mistake>& all) {
  auto result = json::array();
  for (const auto& x : all)
    result.push_back({{"file", x.file},
                      {"line", x.line},
                      {"field", x.field},
                      {"what", x.what}});
  return result;
}

outcome<provider_files> load(const context& how) {
  auto read = load_settings(how.file, how.flags);
  if (read.mistakes.empty())
    return load_providers(read.how.provider);
  std::string all;
  for (const auto& x : read.mistakes)
    all += "\n  " + x.where + ": " + x.what;
  return fail(errc::invalid_argument, "The settings are wrong:" + all);
}

int list(const context& how, const provider_arguments&) {
  auto read = load(how);
  if (!read)
    return report(how, read.error()), int{bad_usage};
  std::vector<std::vector<std::string>> rows{{"NAME", "KEY", "START", "FROM"}};
  json all = json::array();
  for (const auto& [name, file] : read->known) {
    const auto& x = file.profile;
    rows.push_back({name, x.key.value, x.start_url,
                    file.path.empty() ? "berth" : file.path});
    all.push_back({{"name", name},
                   {"key", x.key.value},
                   {"start_url", x.start_url},
                   {"conversation_url", x.conversation_url},
                   {"file", file.path}});
  }
  if (how.json)
    print_line({{"providers", all}, {"mistakes", to_json(read->mistakes)}});
  else {
    std::printf("%s", to_table(rows).c_str());
    for (const auto& x : read->mistakes)
      std::printf("%s\n", to_text(x).c_str());
  }
  return read->mistakes.empty() ? done : failed;
}

/// Runs `job` on the provider of this name, or says why there is none.
int with_provider(const context& how, const std::string& name,
                  const std::function<int(const provider_file&)>& job) {
  auto read = load(how);
  if (!read)
    return report(how, read.error()), int{bad_usage};
  auto known = read->known.find(name);
  if (known != read->known.end())
    return job(known->second);
  std::string names, mistakes;
  for (const auto& [other, file] : read->known)
    names += (names.empty() ? "" : ", ") + other;
  for (const auto& x : read->mistakes)
    mistakes += "\n  " + to_text(x);
  report(how, fail(errc::invalid_argument, "There is no provider '" + name
                                             + "'; known are " + names + "."
                                             + mistakes));
  return bad_usage;
}

int show(const context& how, const provider_arguments& with) {
  return with_provider(how, with.name, [&](const provider_file& x) {
    auto profile = json::parse(x.text);
    profile["start_url"] = x.profile.start_url;
    profile["conversation_url"] = x.profile.conversation_url;
    if (how.json)
      print_line({{"file", x.path}, {"profile", profile}});
    else
      std::printf("%s\n", profile.dump(2).c_str());
    return int{done};
  });
}

void print(const context& how, const std::string& name,
           const provider_check& x) {
  if (how.json) {
    json counts = json::array();
    for (const auto& count : x.counts)
      counts.push_back({{"field", count.field},
                        {"selector", count.selector},
                        {"valid", count.valid},
                        {"matches", count.matches},
                        {"visible", count.visible}});
    return print_line({{"provider", name},
                       {"url", x.url},
                       {"conversation", x.conversation},
                       {"selectors", counts},
                       {"frames_of_other_sites", x.hidden},
                       {"complaints", x.complaints},
                       {"ok", x.complaints.empty()}});
  }
  std::vector<std::vector<std::string>> rows{
    {"LIST", "MATCHES", "VISIBLE", "SELECTOR"}};
  for (const auto& count : x.counts)
    rows.push_back({count.field,
                    count.valid ? std::to_string(count.matches) : "invalid",
                    std::to_string(count.visible), count.selector});
  std::printf("%s\n%s", x.url.c_str(), to_table(rows).c_str());
  for (const auto& complaint : x.complaints)
    std::printf("%s\n", complaint.c_str());
  if (!x.conversation)
    std::printf("This is no conversation: turns and answers were not judged. "
                "Name one with --url.\n");
  if (x.complaints.empty())
    std::printf("%s is usable on this page. Nothing was sent.\n", name.c_str());
}

int check(const context& how, const provider_arguments& with) {
  return with_provider(how, with.name, [&](const provider_file& file) {
    const auto& of = file.profile;
    auto url = with.url.empty() ? of.start_url : with.url;
    return with_daemon(how, "berth provider check", [&](auto& daemon) {
      acquire what;
      what.key = of.key;
      auto tab = daemon.acquire(what);
      if (!tab)
        return report(how, tab.error());
      if (auto there = tab->navigate(url); !there)
        return report(how, there.error());
      auto said = tab->evaluate(check_script(of, is_conversation(of, url)));
      if (!said)
        return report(how, said.error());
      auto found = read_check(of, json::parse(said->value, nullptr, false));
      if (!found)
        return report(how, fail(errc::cdp_error,
                                "The page answered with something else than "
                                "what was asked of it."));
      print(how, of.name, *found);
      return found->complaints.empty() ? int{done} : int{failed};
    });
  });
}

/// What the command does.
CLI::App* let(CLI::App* command, context& how,
              const std::shared_ptr<provider_arguments>& with,
              int (*run)(const context&, const provider_arguments&)) {
  command->callback([&how, with, run] {
    how.run = [&how, with, run] {
      return run(how, *with);
    };
  });
  return command;
}

} // namespace

void add_provider(CLI::App& program, context& how) {
  auto with = std::make_shared<provider_arguments>();
  auto provider
    = program.add_subcommand("provider", "Look at profiles of web sites");
  provider->require_subcommand(1);
  auto setting = [&](const char* flag, const char* name, const char* doc) {
    provider->add_option_function<std::string>(
      flag,
      [&how, name](const std::string& text) {
        how.flags[name] = text;
      },
      doc);
  };
  setting("--providers", "provider.dir", "A directory of your own profiles");
  setting("--origin", "provider.origins",
          "Where one is instead: fixture=http://127.0.0.1:4711");
  let(provider->add_subcommand("list", "Which there are"), how, with, list);
  let(provider->add_subcommand("show", "Print one as it is in force"), how,
      with, show)
    ->add_option("name", with->name, "The provider")
    ->required();
  auto checking = let(
    provider->add_subcommand("check", "See what of one is true of a live page"),
    how, with, check);
  checking->add_option("name", with->name, "The provider")->required();
  checking->add_option("--url", with->url,
                       "The page, best a conversation (default: its start)");
}

} // namespace berth::apps

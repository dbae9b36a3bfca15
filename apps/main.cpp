// berth: one Chrome, many agents, a leased tab each.

#include "actors/daemon_record.hpp"
#include "actors/keys.hpp"
#include "apps/context.hpp"
#include "apps/print.hpp"
#include "apps/settings.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace berth::apps {

namespace {

/// How long to look for a daemon that has not written down where it is.
constexpr protocol::duration nobody_known_within = std::chrono::seconds{1};

std::optional<daemon_record> find_owner(const protocol::config& known) {
  return find_daemon(state_dir_of(known));
}

/// Flags, then the daemon's own record, then the settings.
client::settings find_door(const context& how, const std::string& name) {
  auto known = load_settings(how.file, {}).how;
  client::settings result;
  result.name = name;
  result.host = known.door.host;
  result.port = known.door.port;
  result.heartbeat = known.door.heartbeat;
  result.silence_max = known.door.silence_max;
  if (auto running = find_owner(known)) {
    result.host = running->host;
    result.port = running->port;
  } else
    result.connect_within = nobody_known_within;
  if (!how.host.empty())
    result.host = how.host;
  if (how.port != 0)
    result.port = how.port;
  return result;
}

/// What the shell got wrong, and what may have been meant.
std::string explain(const CLI::App& program, const CLI::ParseError& why) {
  auto at = &program;
  std::string command = program.get_name();
  for (auto below = at->get_subcommands(); !below.empty();
       below = at->get_subcommands()) {
    at = below.back();
    command += ' ' + at->get_name();
  }
  std::vector<std::string> commands, flags;
  for (auto x : at->get_subcommands({}))
    commands.push_back(x->get_name());
  for (auto x : at->get_options({}))
    for (const auto& name : x->get_lnames())
      flags.push_back("--" + name);
  std::string what = why.what();
  auto unknown = program.remaining(true);
  if (!unknown.empty()) {
    auto& word = unknown.front();
    bool flag = word.starts_with('-');
    if (!flag && !commands.empty())
      what = "There is no command '" + word + "'.";
    else
      what = "Nobody expects '" + word + "' here.";
    if (auto near = protocol::nearest(word, flag ? flags : commands))
      what += " Did you mean '" + *near + "'?";
  }
  return what + " `" + command + " --help` tells what there is.";
}

} // namespace

int exit_code_of(protocol::errc code) {
  if (code == protocol::errc::unreachable)
    return no_daemon;
  switch (code) {
    case protocol::errc::capacity:
    case protocol::errc::queue_full:
    case protocol::errc::ticket_expired:
    case protocol::errc::browser_unavailable:
    case protocol::errc::client_limit:
    case protocol::errc::tab_overloaded:
    case protocol::errc::session_busy:
    case protocol::errc::session_queue_full:
    case protocol::errc::session_limit:
    case protocol::errc::rate_limited:
    case protocol::errc::stopping:
      return try_later;
    default:
      return failed;
  }
}

int report(const context& how, const protocol::failure& why) {
  if (how.json)
    print_line(to_json(why));
  else
    std::fprintf(stderr, "%s", to_text(why).c_str());
  return exit_code_of(why.code);
}

int misuse(const context& how, const std::string& what) {
  report(how, protocol::fail(protocol::errc::invalid_argument, what));
  return bad_usage;
}

namespace {

int with_door(const context& how, const client::settings& door,
              const std::function<int(client::connection&)>& job) {
  auto daemon = client::connection::open(door);
  if (daemon)
    return job(*daemon);
  auto why = daemon.error();
  auto owner = find_owner(load_settings(how.file, {}).how);
  if (why.code == protocol::errc::unreachable && owner
      && owner->port == door.port)
    why.what += " It belongs to " + actors::describe(*owner) + ".";
  return report(how, why);
}

} // namespace

int with_daemon(const context& how, const std::string& name,
                const std::function<int(client::connection&)>& job,
                std::function<void(const protocol::event&)> on_event) {
  auto door = find_door(how, name);
  door.on_event = std::move(on_event);
  return with_door(how, door, job);
}

int with_daemon_as_operator(
  const context& how, const std::string& name,
  const std::function<int(client::connection&)>& job) {
  auto door = find_door(how, name);
  door.operator_key
    = actors::operator_key_path(state_dir_of(load_settings(how.file, {}).how));
  return with_door(how, door, job);
}

int with_daemon_as_anybody(const context& how, const std::string& name,
                           const std::function<int(client::connection&)>& job) {
  auto door = find_door(how, name);
  auto key
    = actors::operator_key_path(state_dir_of(load_settings(how.file, {}).how));
  if (actors::read_key(key))
    door.operator_key = key;
  return with_door(how, door, job);
}

/// What the shell asked for, and its exit code.
int run(int argc, char** argv) {
  CLI::App program{"Berth: one Chrome, many agents, a leased tab each.",
                   "berth"};
  context how;
  how.program = argv[0];
  program.require_subcommand(1);
  program.fallthrough();
  program.add_flag("--json", how.json, "Print JSON, one object a line");
  program.add_option("--host", how.host, "The daemon's host");
  program.add_option("--port", how.port, "The daemon's port");
  program.add_option("--config", how.file, "The settings file (TOML)");
  program.add_subcommand("version", "Print the version")->callback([&] {
    how.run = [&] {
      if (how.json)
        print_line({{"version", berth::version()}});
      else
        std::printf("berth %s\n", berth::version());
      return int{done};
    };
  });
  add_serve(program, how);
  add_status(program, how);
  add_browser_command(program, how);
  add_reap(program, how);
  add_tab_commands(program, how);
  add_lease(program, how);
  add_session(program, how);
  add_journal(program, how);
  add_config(program, how);
  add_agent(program, how);
  add_demo(program, how);
  add_bench(program, how);
  add_contend(program, how);
  add_scenarios(program, how);
  add_fixture(program, how);
  add_provider(program, how);
  try {
    program.parse(argc, argv);
    return how.run ? how.run() : int{bad_usage};
  } catch (const CLI::ParseError& x) {
    if (x.get_exit_code() == 0) // It asked for help.
      return program.exit(x);
    return misuse(how, explain(program, x));
  }
}

} // namespace berth::apps

int main(int argc, char** argv) {
  try {
    return berth::apps::run(argc, argv);
  } catch (const std::exception& x) {
    std::fprintf(stderr, "berth.internal: %s\n", x.what());
    return berth::apps::failed;
  }
}

// berth: one Chrome, many agents, a leased tab each.

#include "actors/daemon_record.hpp"
#include "actors/keys.hpp"
#include "apps/arguments.hpp"
#include "apps/context.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"
#include "apps/settings.hpp"
#include "apps/threads.hpp"
#include "protocol/nearest.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <system_error>
#include <thread>

namespace berth::apps {

namespace {

/// How long to look for a daemon that has not written down where it is.
constexpr protocol::duration nobody_known_within = std::chrono::seconds{1};

std::optional<daemon_record> find_owner(const protocol::config& known) {
  return find_daemon(state_dir_of(known));
}

/// Whether this mistake may lead to another daemon, or none.
bool is_about_where(const mistake& x, const settings& read) {
  return (!read.file.empty() && x.where.starts_with(read.file))
         || x.where.starts_with("BERTH_STATE_DIR")
         || x.where.starts_with("BERTH_DOOR_") || x.where.starts_with("--");
}

/// A daemon that was started a moment ago has not written down where it is.
std::optional<daemon_record> await_owner(const protocol::config& known) {
  using clock = std::chrono::steady_clock;
  for (auto until = clock::now() + nobody_known_within;;) {
    auto owner = find_owner(known);
    if (owner || clock::now() >= until)
      return owner;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

/// The daemon of the state directory, and no other one; or the one at the
/// address that was given, by flags, or by settings if no directory is named.
protocol::outcome<client::settings>
find_door(const context& how, const std::string& name) {
  auto read = known_settings(how);
  if (!read)
    return read.error();
  if (how.port == 0)
    return fail(protocol::errc::invalid_argument, "0 is not a port.");
  const auto& door = read->door;
  const protocol::door_limits usual;
  client::settings result;
  result.name = name;
  // Who names another's directory means that one's daemon.
  struct stat dir {};
  if (::stat(state_dir_of(*read).c_str(), &dir) == 0)
    result.daemon_uids.push_back(dir.st_uid);
  result.heartbeat = door.heartbeat;
  result.silence_max = door.silence_max;
  result.host = how.host.empty() ? door.host : how.host;
  result.port = how.port.value_or(door.port);
  bool set = read->state_dir.empty()
             && (door.port != usual.port || door.host != usual.host);
  if (how.port || set) {
    result.connect_within = nobody_known_within;
    if (auto owner = find_owner(*read); owner && owner->port == result.port)
      result.connect_within = client::settings{}.connect_within;
    return result;
  }
  if (!how.host.empty() && how.host != usual.host)
    return result;
  if (dir.st_mode != 0 && !S_ISDIR(dir.st_mode))
    return fail(protocol::errc::invalid_argument,
                "The state directory '" + state_dir_of(*read)
                  + "' is a file, not a directory.");
  auto owner = await_owner(*read);
  if (auto state = state_dir_of(*read);
      !owner && ::access(state.c_str(), X_OK) != 0 && errno == EACCES)
    return fail(protocol::errc::unreachable,
                "The state directory " + state + " belongs to user "
                  + std::to_string(dir.st_uid)
                  + ", and you may not look into it: whether a daemon serves "
                    "it is not known.");
  if (!owner)
    return fail(protocol::errc::unreachable,
                "No daemon serves the state directory " + state_dir_of(*read)
                  + ".");
  result.host = owner->host;
  result.port = owner->port;
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
      what
        = (flag ? "Unknown option '" : "Unexpected argument '") + word + "'.";
    if (auto near = protocol::nearest(word, flag ? flags : commands))
      what += " Did you mean '" + *near + "'?";
  }
  if (!what.ends_with('.') && !what.ends_with('?'))
    what += '.';
  return what + " `" + command + " --help` tells what there is.";
}

} // namespace

int exit_code_of(protocol::errc code) {
  switch (code) {
    case protocol::errc::unreachable:
    case protocol::errc::cut_off:
      return no_daemon;
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

protocol::outcome<protocol::config> known_settings(const context& how) {
  auto read = load_settings(how.file, how.flags);
  std::string all;
  for (const auto& x : read.mistakes)
    if (is_about_where(x, read))
      all += "\n  " + x.where + ": " + x.what;
  if (!all.empty())
    return fail(protocol::errc::invalid_argument,
                "The settings are wrong:" + all);
  return read.how;
}

namespace {

int with_door(const context& how,
              const protocol::outcome<client::settings>& door,
              const std::function<int(client::connection&)>& job) {
  if (!door && door.error().code == protocol::errc::invalid_argument)
    return misuse(how, door.error().what);
  if (!door)
    return report(how, door.error());
  if (auto code = refuse_without_threads(how, client_threads))
    return *code;
  auto daemon = client::connection::open(*door);
  if (daemon)
    return job(*daemon);
  auto why = daemon.error();
  auto owner = find_owner(load_settings(how.file, how.flags).how);
  if (why.code == protocol::errc::unreachable && owner
      && owner->host == door->host && owner->port == door->port)
    why.what += " It belongs to " + actors::describe(*owner) + ".";
  return report(how, why);
}

} // namespace

int with_daemon(const context& how, const std::string& name,
                const std::function<int(client::connection&)>& job,
                std::function<void(const protocol::event&)> on_event) {
  auto door = find_door(how, name);
  if (door)
    door->on_event = std::move(on_event);
  return with_door(how, door, job);
}

int with_daemon_as_operator(
  const context& how, const std::string& name,
  const std::function<int(client::connection&)>& job) {
  auto door = find_door(how, name);
  auto settings = known_settings(how);
  if (door && settings)
    door->operator_key = actors::operator_key_path(state_dir_of(*settings));
  return with_door(how, door, job);
}

int with_daemon_as_anybody(const context& how, const std::string& name,
                           const std::function<int(client::connection&)>& job) {
  auto door = find_door(how, name);
  auto settings = known_settings(how);
  auto key = actors::operator_key_path(settings ? state_dir_of(*settings) : "");
  if (door && settings && actors::read_key(key))
    door->operator_key = key;
  return with_door(how, door, job);
}

/// A command has done nothing for anybody whom its answer did not reach.
int finish(int code) {
  if (!output_is_lost())
    return code;
  report_lost_output(code == done ? "The command itself was carried out."
                                  : "The command failed, too.");
  return code == done ? failed : code;
}

/// Before the words are read: what is wrong with them is to be said in JSON.
bool wants_json(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](std::string_view word) {
    return word == "--json";
  });
}

/// What the shell asked for, and its exit code.
int run(int argc, char** argv) {
  CLI::App program{"Berth: one Chrome, many agents, a leased tab each.",
                   "berth"};
  context how;
  how.program = argc > 0 ? argv[0] : "berth";
  how.json = wants_json(argc, argv);
  program.require_subcommand(1);
  program.fallthrough();
  program.add_flag("--json", how.json, "Print JSON, one object a line");
  program.add_option("--host", how.host, "The daemon's host");
  program.add_option("--port", how.port, "The daemon's port");
  program.add_option("--config", how.file, "The settings file (TOML)");
  program.add_option_function<std::string>(
    "--state-dir,--state_dir",
    [&how](const std::string& text) {
      how.flags["state_dir"] = text;
    },
    "The daemon's state directory: that one's daemon, or none");
  auto version = [&how]() -> std::string {
    if (how.json)
      return nlohmann::json{{"version", berth::version()}}.dump();
    return std::string{"berth "} + berth::version();
  };
  program.set_version_flag("--version", version, "Print the version");
  program.add_subcommand("version", "Print the version")->callback([&] {
    how.run = [version] {
      std::printf("%s\n", version().c_str());
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
  check_arguments(program);
  try {
    program.parse(argc, argv);
    return finish(how.run ? how.run() : int{bad_usage});
  } catch (const CLI::ParseError& x) {
    if (x.get_exit_code() == 0) // It asked for help, or the version.
      return finish(program.exit(x));
    return finish(misuse(how, explain(program, x)));
  }
}

} // namespace berth::apps

int main(int argc, char** argv) {
  berth::apps::keep_standard_streams();
  // Who reads no more is told of as any other output that is lost.
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  // A file that may not grow is a disk that is full, and no reason to die.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return berth::apps::run(argc, argv);
  } catch (const std::system_error& x) {
    // Threads, mostly: everything else has its own answer.
    std::fprintf(stderr,
                 "berth.internal: The system refused what Berth needs to run: "
                 "%s.\n"
                 "  Close other programs, or raise the limits (ulimit -u).\n",
                 x.what());
    return berth::apps::failed;
  } catch (const std::exception& x) {
    std::fprintf(stderr, "berth.internal: %s\n", x.what());
    return berth::apps::failed;
  }
}

// What all commands of the program share.

#pragma once

#include "actors/remote/connection.hpp"
#include "protocol/config.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace berth::apps {

/// What the shell is told.
enum exit_code : int {
  done = 0,
  failed = 1,
  bad_usage = 2,
  no_daemon = 69,    ///< EX_UNAVAILABLE
  given_up = 70,     ///< EX_SOFTWARE: the daemon ended by itself.
  try_later = 75,    ///< EX_TEMPFAIL
  interrupted = 130, ///< By Ctrl-C, as shells tell it.
};

struct context {
  bool json = false;
  std::string host;             ///< Empty: wherever the daemon says it is.
  std::optional<uint16_t> port; ///< None: the same.
  std::string file; ///< Of the configuration; empty: the usual place.
  std::map<std::string, std::string> flags; ///< Settings given as flags.
  std::string program; ///< argv[0], to run ourselves again.

  /// What the chosen command does; returns the exit code.
  std::function<int()> run;
};

/// Connects, runs `job`, and says what went wrong if anything did. `on_event`
/// is called by another thread.
int with_daemon(const context& how, const std::string& name,
                const std::function<int(client::connection&)>& job,
                std::function<void(const protocol::event&)> on_event = {});

/// The same with an operator's rights, which the key in the state directory
/// gives: for what is about others' leases, browsers and events.
int with_daemon_as_operator(const context& how, const std::string& name,
                            const std::function<int(client::connection&)>& job);

/// With an operator's rights if the key can be read, and without them if not.
int with_daemon_as_anybody(const context& how, const std::string& name,
                           const std::function<int(client::connection&)>& job);

/// What the shell is told of a failure.
int exit_code_of(protocol::errc code);

/// The settings as clients need them. Fails with `request.invalid` if they may
/// lead to another daemon than is meant: for any mistake in the file, and for
/// one in what names the state directory or the door.
protocol::outcome<protocol::config> known_settings(const context& how);

/// Prints the failure the way that was asked for; returns the exit code.
int report(const context& how, const protocol::failure& why);

/// The same for what was wrong with the command line.
int misuse(const context& how, const std::string& what);

// -- the commands; each adds itself to the program ----------------------------

void add_serve(CLI::App& program, context& how);
void add_reap(CLI::App& program, context& how);
void add_status(CLI::App& program, context& how);
void add_browser_command(CLI::App& program, context& how);
void add_tab_commands(CLI::App& program, context& how);
void add_lease(CLI::App& program, context& how);
void add_session(CLI::App& program, context& how);
void add_journal(CLI::App& program, context& how);
void add_config(CLI::App& program, context& how);
void add_agent(CLI::App& program, context& how);
void add_demo(CLI::App& program, context& how);
void add_bench(CLI::App& program, context& how);
void add_contend(CLI::App& program, context& how);
void add_scenarios(CLI::App& program, context& how);
void add_fixture(CLI::App& program, context& how);
void add_provider(CLI::App& program, context& how);

} // namespace berth::apps

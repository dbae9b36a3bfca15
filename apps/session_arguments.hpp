// What the commands of `berth session` have in common.

#pragma once

#include "apps/context.hpp"
#include "apps/session_print.hpp"

#include <string>

namespace berth::apps {

struct session_arguments {
  uint64_t session = 0; ///< 0: the only one there is.
  uint64_t run = 0;     ///< 0: the one under way, else the last one.
  std::string provider;
  std::string browser;
  std::string prompt; ///< Empty or `-`: standard input.
  std::vector<std::string> files;
  std::string model, effort;
  std::string timeout, wait, at;
  std::string format = "text"; ///< Or markdown, or json.
  bool background = false;
  bool interrupt = false;
};

/// Says what is wrong with the arguments; returns the exit code.
int misuse(const context& how, const std::string& what);

/// The prompt that the arguments describe. None: `wrong` says why.
std::optional<protocol::send_prompt>
read_prompt(const session_arguments& with, std::string& wrong);

/// Shows a run that is over, or that is left to itself; returns the exit code.
int show_run(const context& how, const session_arguments& with,
             const protocol::run_view& x);

/// Sends a prompt and shows how its answer grows. Ctrl-C stops the run; asked
/// again, it only leaves.
int query(const context& how, const session_arguments& with);

/// Shows a run; with a wait, as it goes on.
int poll(const context& how, const session_arguments& with);

/// Shows what happens in a session, until it is closed or Ctrl-C.
int watch(const context& how, const session_arguments& with);

} // namespace berth::apps

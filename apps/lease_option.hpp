// How a command is told which lease it is about. A credential comes from the
// environment or from a file; a name on the command line only chooses among
// those that are there, because everybody on a machine can read everybody's
// command lines.

#pragma once

#include "protocol/credential.hpp"
#include "protocol/outcome.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <string_view>

namespace berth::apps {

/// As the shell said it.
struct lease_option {
  std::string name; ///< `7:1.9` or `7`; empty: the only one there is.
  std::string file; ///< Empty: $BERTH_LEASE.
};

/// Whether it says which, or the environment does.
bool names_lease(const lease_option& x);

/// Fails with `request.invalid`, in words that repeat no credential.
protocol::outcome<protocol::lease_credential> find_lease(const lease_option& x);

/// The same for what `source` holds: credentials, with blanks between them.
protocol::outcome<protocol::lease_credential>
choose_lease(const std::string& name, std::string_view held,
             const std::string& source);

/// `-l`, `--lease` and `--lease-file`.
/// @param bare Also without a flag.
void add_lease_option(CLI::App& to, lease_option& with, bool bare = false);

} // namespace berth::apps

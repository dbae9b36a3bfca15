// Where settings come from: a TOML file, then the environment, then flags;
// the later one wins.

#pragma once

#include "protocol/config.hpp"

#include <map>
#include <string>
#include <vector>

namespace berth::apps {

struct mistake {
  std::string where; ///< "berth.toml:12", "BERTH_LOG_LEVEL", "--door.port"
  std::string what;
};

struct settings {
  protocol::config how;
  std::string file;              ///< The one that was read; empty: none.
  std::vector<mistake> mistakes; ///< All of them.
};

/// @param file Must exist if it is named; if empty, `berth.toml` in the working
///             directory or the user's configuration directory is read if it
///             is there.
settings load_settings(const std::string& file,
                       const std::map<std::string, std::string>& flags);

/// `admission.per_key` is BERTH_ADMISSION_PER_KEY.
std::string variable_of(const std::string& option);

/// The example file: every setting, its meaning and its default, commented.
std::string example_file();

} // namespace berth::apps

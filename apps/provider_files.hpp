// Providers as files: those that Berth ships, and the user's own, which win.

#pragma once

#include "apps/settings.hpp"
#include "protocol/provider.hpp"

#include <map>
#include <string>
#include <vector>

namespace berth::apps {

struct provider_file {
  std::string path; ///< Empty: it is one of ours.
  std::string text; ///< JSON, as it is in the file.
  protocol::provider_profile profile;
};

struct provider_mistake {
  std::string file;
  size_t line = 0; ///< 0: it is about the whole file.
  std::string field;
  std::string what;

  friend bool operator==(const provider_mistake&, const provider_mistake&)
    = default;
};

/// Only profiles without mistakes are known. A bad file of the user's hides
/// ours of the same name: no other is to be used in its stead.
struct provider_files {
  std::map<std::string, provider_file> known; ///< By name.
  std::vector<provider_mistake> mistakes;     ///< All of them.
};

provider_files load_providers(const protocol::provider_settings& how);

/// One file, as if it were at this path. Its name must be the provider's.
provider_files read_provider_file(const std::string& path, std::string text);

std::map<std::string, protocol::provider_profile>
profiles_of(const provider_files& from);

/// `grok.json:12`
std::string place_of(const provider_mistake& x);

/// `parts.send must be a list.`
std::string what_of(const provider_mistake& x);

/// As those of the other settings.
std::vector<mistake> mistakes_of(const provider_files& from);

} // namespace berth::apps

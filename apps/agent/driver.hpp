// How an agent reaches its tab: by the client library, or by the command line
// as a shell script would.

#pragma once

#include "actors/remote/connection.hpp"
#include "protocol/outcome.hpp"

#include <memory>
#include <string>
#include <vector>

namespace berth::apps {

/// One tab at a time. Every member blocks until there is an answer.
class driver {
public:
  virtual ~driver() = default;

  virtual protocol::outcome<protocol::lease_ref> take(protocol::duration wait)
    = 0;
  virtual protocol::outcome<void> open(const std::string& url) = 0;

  /// Answers with the result as JSON text.
  virtual protocol::outcome<std::string> evaluate(const std::string& expression)
    = 0;

  virtual protocol::outcome<void> recover() = 0;
  virtual protocol::outcome<void> give_back() = 0;
};

/// @param daemon Must outlive it.
std::unique_ptr<driver>
library_driver(client::connection& daemon, std::string key);

/// @param berth How to run the program: its path and what every command needs.
/// @param ttl How long the lease lives without a command.
std::unique_ptr<driver> shell_driver(std::vector<std::string> berth,
                                     std::string key, protocol::duration ttl);

} // namespace berth::apps

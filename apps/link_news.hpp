// What a command that waits says of its connection.

#pragma once

#include "actors/remote/connection.hpp"

#include <string>

namespace berth::apps {

/// Says on the standard error that the connection broke, and that it is there
/// again: whoever waits for news would not know that none can come.
class link_news {
public:
  link_news(std::string command, const client::connection& of);

  /// To be called now and then.
  void look();

private:
  std::string command_;
  const client::connection& of_;
  bool broken_ = false;
};

} // namespace berth::apps

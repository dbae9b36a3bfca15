#include "apps/link_news.hpp"

#include "protocol/printable.hpp"

#include <cstdio>
#include <utility>

namespace berth::apps {

link_news::link_news(std::string command, const client::connection& of)
  : command_{std::move(command)}, of_{of} {
  // nop
}

void link_news::look() {
  auto why = of_.broken();
  if (why.has_value() == std::exchange(broken_, why.has_value()))
    return;
  if (why)
    std::fprintf(stderr, "%s: %s Waiting for the daemon; Ctrl-C ends this.\n",
                 command_.c_str(), protocol::printable(why->what).c_str());
  else
    std::fprintf(stderr, "%s: Connected again.\n", command_.c_str());
}

} // namespace berth::apps

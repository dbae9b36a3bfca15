// Embeds a daemon with a Chrome of its own, and drives a tab of it.
// Usage: embeds STATE_DIR

#include <berth/client.hpp>
#include <berth/runtime.hpp>
#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2)
    return 2;
  berth::protocol::config how;
  how.state_dir = argv[1];
  how.door.port = 0;
  auto daemon = berth::runtime::start(how);
  if (!daemon) {
    std::fprintf(stderr, "%s\n", daemon.error().what.c_str());
    return 1;
  }
  berth::client::settings where;
  where.port = daemon->port();
  auto me = berth::client::connection::open(where);
  auto tab = me->acquire();
  auto sum = tab->evaluate("6 * 7");
  std::printf("%s\n", sum ? sum->value.c_str() : sum.error().what.c_str());
  return sum && sum->value == "42" ? 0 : 1;
}

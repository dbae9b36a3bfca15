// An agent in a process of its own, to be killed or stopped by a test.
// Usage: agent_process PORT KEY. Prints its lease's name, then waits for the
// end of its input.

#include "actors/remote/connection.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  using namespace berth;
  if (argc != 3)
    return 2;
  client::settings where;
  where.port = static_cast<uint16_t>(std::atoi(argv[1]));
  where.name = "agent process";
  auto daemon = client::connection::open(where);
  if (!daemon)
    return 69;
  protocol::acquire what;
  what.key = {argv[2]};
  what.wait = std::chrono::seconds{30};
  auto tab = daemon->acquire(what);
  if (!tab)
    return 1;
  std::printf("%s\n", protocol::to_string(tab->lease().ref).c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF)
    continue;
  return 0;
}

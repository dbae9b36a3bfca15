// Links the client alone: asks a daemon that is not there, and is told so.

#include <berth/client.hpp>
#include <cstdio>

int main() {
  berth::client::settings how;
  how.port = 1; // Nobody listens there.
  how.connect_within = std::chrono::seconds{2};
  auto daemon = berth::client::connection::open(how);
  if (daemon)
    return 1;
  std::printf("%s\n", berth::protocol::to_string(daemon.error().code));
  return daemon.error().code == berth::protocol::errc::unreachable ? 0 : 1;
}

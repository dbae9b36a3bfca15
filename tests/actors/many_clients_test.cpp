// Promise D4: whoever was there leaves nothing behind, however many come.

#include "actors/remote/connection.hpp"
#include "apps/chromeless.hpp"

#include "tests/actors/caf_node.hpp"
#include "tests/actors/hostile_shapes.hpp"

#include <caf/binary_serializer.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace berth;
using namespace berth::protocol;
using namespace berth::test;
using namespace std::chrono_literals;

class ManyClients : public testing::Test {
protected:
  static config daemons() {
    config result;
    result.events_kept = 1000; // They are all there soon.
    return result;
  }

  /// Comes under a name and a secret of its own, and goes without a word. One
  /// of ten holds a lease of a key of its own then.
  void visit(uint64_t number) {
    wire_peer peer{daemon.port()};
    std::string answer;
    peer.tell(peer.gateway,
              greeting(std::string(100, 'x') + std::to_string(number),
                       actor(9, peer.name), number),
              asked | 1);
    auto welcome = peer.hear(answer);
    ASSERT_EQ(welcome.types, "@<>+berth::actors::welcome");
    if (number % 10 != 0)
      return;
    uint64_t client = 0;
    for (size_t i = 0; i < 8; ++i)
      client = client << 8 | static_cast<uint8_t>(welcome.body[i]);
    acquire what;
    what.key = {"key " + std::to_string(number)};
    peer.tell(client, message("berth::protocol::acquire", bytes_of(what)),
              asked | 2);
    ASSERT_EQ(peer.hear(answer).types, "@<>+berth::protocol::grant");
  }

  void visit(uint64_t first, uint64_t last) {
    for (auto i = first; i <= last && !HasFatalFailure(); ++i)
      visit(i);
    auto until = std::chrono::steady_clock::now() + 30s;
    while (daemon.actors() > actors_before || daemon.peers() > 0)
      ASSERT_LT(std::chrono::steady_clock::now(), until)
        << daemon.actors() << " actors, " << daemon.peers() << " peers";
  }

  template <class T>
  std::string bytes_of(T& x) {
    std::vector<char> result;
    caf::binary_serializer sink{*speaker.system, result};
    EXPECT_FALSE(sink(x));
    return {result.begin(), result.end()};
  }

  status look() {
    client::settings where;
    where.port = daemon.port();
    auto made = client::connection::open(where);
    if (!made)
      throw std::runtime_error{made.error().what};
    return made->status().value();
  }

  apps::chromeless daemon{daemons()};
  caf_node speaker;
  size_t actors_before = daemon.actors();
};

} // namespace

TEST_F(ManyClients, D4_LeaveNothingBehind) {
  visit(1, 5000);
  auto early = resident_bytes();
  visit(5001, 20000);
  auto late = resident_bytes();
  // What requests keep until their deadlines is less than this; the rest is
  // weighed in a simulated world, where these are soon over: see `Guests.D4_*`.
  EXPECT_LT(late, early + 15000 * 3072);
  EXPECT_LE(daemon.actors(), actors_before);
  EXPECT_EQ(daemon.peers(), 0u);
  // The registry's names, its leases, and what admission knows.
  auto now = look();
  EXPECT_EQ(now.clients, 1u); // Who looks.
  EXPECT_EQ(now.slots, 0u);
  EXPECT_TRUE(now.leases.empty());
  EXPECT_TRUE(now.tickets.empty());
  EXPECT_LE(now.keys.size(), 1u);
  EXPECT_EQ(now.browsers.front().tabs, 0u);
  std::printf("%zu KiB after 5,000 clients, %zu after 20,000\n", early / 1024,
              late / 1024);
}

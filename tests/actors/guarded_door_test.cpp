// Promise D4: garbage, floods and silence on the CAF port close a connection,
// and nothing else is affected.

#include "actors/front_door.hpp"

#include "tests/actors/raw_peer.hpp"
#include "tests/actors/toy_door.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <vector>

namespace {

using namespace berth;
using namespace berth::protocol;
using namespace berth::test;
using namespace std::chrono_literals;
using actors::hello;
using actors::welcome;

/// A header as CAF writes it, in network byte order.
std::string header(caf::io::basp::message_type kind, uint32_t payload) {
  std::string result(caf::io::basp::header_size, '\0');
  result[0] = static_cast<char>(kind);
  for (size_t i = 0; i < 4; ++i)
    result[4 + i] = static_cast<char>(payload >> (24 - 8 * i));
  return result;
}

std::string handshake(uint32_t payload) {
  return header(caf::io::basp::message_type::client_handshake, payload);
}

/// Who says so stays.
constexpr auto let_in = "welcome";

greeter refuse_all(const std::shared_ptr<actors::peer_book>& book) {
  return [=](const hello& x, const caf::node_id& from,
             uint64_t self) -> caf::result<welcome> {
    if (x.name == let_in)
      book->add_client(from, self);
    return refusal(x.name);
  };
}

/// Answers only those who are at its own door.
greeter refuse_known(const std::shared_ptr<actors::peer_book>& book) {
  return [=](const hello& x, const caf::node_id& from,
             uint64_t self) -> caf::result<welcome> {
    if (!book->find(from))
      return caf::sec::unexpected_message;
    book->add_client(from, self);
    return refusal(x.name);
  };
}

/// Does CAF still have a connection to that process?
bool is_connected(caf_node& from, const caf_node& to) {
  auto& system = *from.system;
  caf::scoped_actor self{system};
  bool result = true;
  self
    ->request(system.middleman().actor_handle(), patience, caf::get_atom::value,
              to.system->node())
    .receive(
      [&](const caf::node_id&, const std::string& address, uint16_t) {
        result = !address.empty();
      },
      [](caf::error&) {});
  return result;
}

class GuardedDoor : public testing::Test {
protected:
  void open(size_t clients_max = 256, duration stranger_for = patience,
            size_t message_max = megabyte) {
    door_limits how;
    how.clients_max = clients_max;
    how.message_max = message_max;
    ASSERT_TRUE(door.open(how, stranger_for));
  }

  /// Greets the gateway as a client does.
  bool serves(caf_node& client, const std::string& name = "polite") {
    auto remote = reach(client, port());
    return remote && answer_to(client, *remote, name) == name;
  }

  uint16_t port() const {
    return door.port;
  }

  std::shared_ptr<actors::peer_book> book
    = std::make_shared<actors::peer_book>();
  toy_door door{refuse_all(book), book};
};

} // namespace

TEST_F(GuardedDoor, LetsClientsIn) {
  open();
  caf_node client;
  EXPECT_TRUE(serves(client));
  caf_node another;
  EXPECT_TRUE(serves(another));
  EXPECT_TRUE(serves(client));
}

TEST_F(GuardedDoor, SaysWhenThePortIsTaken) {
  open();
  door_limits how;
  how.port = port();
  EXPECT_FALSE(door.publish(how));
}

TEST_F(GuardedDoor, ClosesWhatTalksGarbage) {
  open();
  raw_peer peer{port()};
  peer.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(peer.read_to_end());
  caf_node client;
  EXPECT_TRUE(serves(client));
}

TEST_F(GuardedDoor, ClosesWhatDoesNotSayWhoItIs) {
  open();
  for (auto kind : {caf::io::basp::message_type::heartbeat,
                    caf::io::basp::message_type::direct_message,
                    caf::io::basp::message_type::server_handshake}) {
    raw_peer peer{port()};
    peer.send(header(kind, 0));
    EXPECT_TRUE(peer.read_to_end());
  }
}

TEST_F(GuardedDoor, ClosesWhatAnnouncesTooMuchWithoutMakingRoomForIt) {
  open();
  caf_node client;
  ASSERT_TRUE(serves(client));
  auto before = resident_bytes();
  for (uint32_t size : {0xFFFFFFFFu, 0x7FFFFFFFu, 0x10000000u}) {
    raw_peer peer{port()};
    peer.send(handshake(size) + std::string(65536, 'x'));
    EXPECT_TRUE(peer.read_to_end());
  }
  EXPECT_LT(resident_bytes(), before + 32 * megabyte);
  EXPECT_TRUE(serves(client));
}

TEST_F(GuardedDoor, ClosesAClientThatSendsTooMuch) {
  open();
  caf_node client;
  ASSERT_TRUE(serves(client));
  auto remote = reach(client, port());
  ASSERT_TRUE(remote);
  caf::anon_send(
    *remote,
    hello{1, actors::client_secret{0, 1}, std::string(2 * megabyte, 'x'), {}});
  EXPECT_TRUE(goes_down(client, *remote));
  caf_node another;
  EXPECT_TRUE(serves(another));
}

TEST_F(GuardedDoor, TakesWhatIsJustSmallEnough) {
  constexpr size_t most = 32768;
  open(256, patience, most);
  caf_node client;
  EXPECT_TRUE(serves(client, std::string(most - 4096, 'x')));
}

TEST_F(GuardedDoor, ClosesWhatSaysNothing) {
  open(256, 100ms);
  raw_peer silent{port()};
  raw_peer halting{port()};
  halting.send(handshake(100).substr(0, 10));
  raw_peer slow{port()};
  slow.send(handshake(100) + "and then nothing");
  for (auto* peer : {&silent, &halting, &slow})
    EXPECT_TRUE(peer->read_to_end());
}

TEST_F(GuardedDoor, ClosesWhoShakesHandsAndSaysNoHello) {
  open(256, 100ms);
  caf_node client;
  auto remote = reach(client, port());
  ASSERT_TRUE(remote);
  EXPECT_TRUE(goes_down(client, *remote));
}

TEST_F(GuardedDoor, KnowsEachProcessByANodeOfItsOwn) {
  caf_node one;
  caf_node another;
  EXPECT_NE(one.system->node(), another.system->node());
  EXPECT_NE(one.system->node(), door.node.system->node());
}

TEST_F(GuardedDoor, LeavesAClientInPeaceThatSaysNothingMore) {
  open(256, 100ms);
  caf_node client;
  auto remote = reach(client, port());
  ASSERT_TRUE(remote);
  ASSERT_EQ(answer_to(client, *remote, let_in), let_in);
  // A stranger that came later was turned out: so the time was over.
  raw_peer silent{port()};
  ASSERT_TRUE(silent.read_to_end());
  EXPECT_EQ(answer_to(client, *remote, "still here"), "still here");
}

TEST_F(GuardedDoor, StandsAThousandStrangers) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  open(8);
  caf_node early;
  ASSERT_TRUE(serves(early));
  auto before = resident_bytes();
  std::vector<raw_peer> flood;
  for (int i = 0; i < 1000; ++i)
    flood.emplace_back(port());
  // Who was there is served, and who comes now as well.
  EXPECT_TRUE(serves(early));
  caf_node late;
  EXPECT_TRUE(serves(late));
  EXPECT_LT(resident_bytes(), before + 32 * megabyte);
  // The oldest made room.
  for (size_t i = 0; i < 900; ++i)
    ASSERT_TRUE(flood[i].read_to_end()) << i;
}

TEST_F(GuardedDoor, RefusesOneMoreThanItHasRoomForAndOpensAgain) {
  open(0);
  std::vector<std::unique_ptr<caf_node>> clients;
  while (clients.size() < actors::spare_connections) {
    clients.push_back(std::make_unique<caf_node>());
    ASSERT_TRUE(serves(*clients.back(), let_in));
  }
  caf_node late;
  EXPECT_FALSE(serves(late));
  // They leave: as soon as one is seen to be gone, there is room.
  clients.resize(clients.size() / 2);
  auto until = std::chrono::steady_clock::now() + patience;
  while (!serves(late) && std::chrono::steady_clock::now() < until)
    continue;
  EXPECT_TRUE(serves(late));
}

TEST_F(GuardedDoor, TurnsEverybodyOutWhenItsGatewayIsReplaced) {
  auto held = actors::held_port::take("127.0.0.1", 0);
  ASSERT_TRUE(held);
  caf_node server;
  auto& system = *server.system;
  auto ways = actors::on_network(
    system, {}, {}, std::make_shared<actors::held_port>(std::move(*held)),
    [&](const std::shared_ptr<actors::peer_book>& known) {
      return system.spawn(toy_gateway, refuse_known(known));
    });
  auto first = ways.make();
  auto opened = ways.open(first, 0);
  ASSERT_TRUE(opened);
  door.port = *opened;
  caf_node one;
  caf_node another;
  ASSERT_TRUE(serves(one));
  ASSERT_TRUE(serves(another));
  raw_peer stranger{port()};

  caf::anon_send_exit(first, caf::exit_reason::kill);
  caf::scoped_actor {
    system
    } -> wait_for(first);
  ways.close(first, port());
  EXPECT_TRUE(stranger.read_to_end());
  auto until = std::chrono::steady_clock::now() + patience;
  for (auto* client : {&one, &another})
    while (is_connected(*client, server))
      ASSERT_LT(std::chrono::steady_clock::now(), until);

  auto second = ways.make();
  ASSERT_TRUE(ways.open(second, port()));
  EXPECT_TRUE(serves(one));
  EXPECT_TRUE(serves(another));
  caf::anon_send_exit(second, caf::exit_reason::user_shutdown);
}

TEST_F(GuardedDoor, ClosesWithItsSystem) {
  open();
  raw_peer peer{port()};
  ASSERT_TRUE(peer.connected());
  door.close();
  door.node.system.reset();
  EXPECT_TRUE(peer.read_to_end());
  EXPECT_FALSE(raw_peer{port()}.connected());
}

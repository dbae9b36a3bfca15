#include "actors/peer_book.hpp"
#include "actors/socket_owner.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace berth::actors;

caf::node_id node(uint32_t number) {
  caf::node_id::default_data::host_id_type host{};
  return caf::make_node_id(number, host);
}

/// A connection over loopback: both its ends.
struct connection {
  explicit connection(int family = AF_INET) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 where6{};
    where6.sin6_family = AF_INET6;
    where6.sin6_addr = in6addr_loopback;
    auto address = family == AF_INET ? reinterpret_cast<sockaddr*>(&where)
                                     : reinterpret_cast<sockaddr*>(&where6);
    socklen_t size = family == AF_INET ? sizeof where : sizeof where6;
    int door = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    theirs = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    works = ::bind(door, address, size) == 0 && ::listen(door, 1) == 0
            && ::getsockname(door, address, &size) == 0
            && ::connect(theirs, address, size) == 0;
    ours = ::accept(door, nullptr, nullptr);
    ::close(door);
  }

  ~connection() {
    close_theirs();
    ::close(ours);
  }

  void close_theirs() {
    if (theirs >= 0)
      ::close(theirs);
    theirs = -1;
  }

  bool works = false;
  int ours = -1;
  int theirs = -1;
};

uint64_t inode_of(int socket) {
  struct stat about {};
  return ::fstat(socket, &about) == 0 ? about.st_ino : 0;
}

using way_to_ask = std::optional<peer> (*)(int);

class SocketOwner : public testing::TestWithParam<way_to_ask> {};

} // namespace

TEST(PeerBook, KnowsAPeerUntilItIsForgotten) {
  peer_book book;
  EXPECT_EQ(book.find(node(1)), std::nullopt);
  EXPECT_TRUE(book.note(node(1), {1000, 7}));
  EXPECT_EQ(book.find(node(1)), (peer{1000, 7}));
  EXPECT_EQ(book.find(node(2)), std::nullopt);
  book.forget(node(1));
  EXPECT_EQ(book.find(node(1)), std::nullopt);
  EXPECT_EQ(book.size(), 0u);
}

TEST(PeerBook, HasNoPlaceForASecondPeerOfTheSameNode) {
  peer_book book;
  EXPECT_TRUE(book.note(node(1), {1000, 0}));
  EXPECT_FALSE(book.note(node(1), {1001, 0}));
  EXPECT_EQ(book.find(node(1)), (peer{1000, 0}));
}

TEST(PeerBook, KnowsWhichClientsAreWhose) {
  peer_book book;
  book.note(node(1), {});
  book.note(node(2), {});
  EXPECT_FALSE(book.is_welcome(node(1)));
  book.add_client(node(1), 50);
  EXPECT_TRUE(book.is_welcome(node(1)));
  EXPECT_TRUE(book.is_client(node(1), 50));
  EXPECT_FALSE(book.is_client(node(2), 50));
  EXPECT_FALSE(book.is_client(node(1), 51));
  book.forget(node(1));
  EXPECT_FALSE(book.is_client(node(1), 50));
}

TEST(PeerBook, MakesNoPageForWhoIsGone) {
  peer_book book;
  book.add_client(node(1), 50);
  EXPECT_EQ(book.size(), 0u);
}

TEST(PeerBook, ForgetsTheOldestClientsOfANodeThatMakesMany) {
  peer_book book;
  book.note(node(1), {});
  book.add_client(node(1), 1, 10'001); // This one lives on.
  for (uint64_t id = 2; id <= peer_book::clients_max + 1; ++id) {
    book.add_client(node(1), id, 10'000 + id);
    book.end_client(node(1), id);
  }
  EXPECT_TRUE(book.is_client(node(1), 1));
  EXPECT_TRUE(book.is_desk(node(1), 10'001));
  EXPECT_FALSE(book.is_client(node(1), 2));
  EXPECT_FALSE(book.is_desk(node(1), 10'002));
  EXPECT_TRUE(book.is_client(node(1), 3));
  EXPECT_TRUE(book.is_client(node(1), peer_book::clients_max + 1));
}

TEST_P(SocketOwner, IsWhoMadeTheOtherEnd) {
  connection x;
  ASSERT_TRUE(x.works);
  EXPECT_EQ(GetParam()(x.ours), (peer{::geteuid(), inode_of(x.theirs)}));
}

TEST_P(SocketOwner, IsKnownOverTheSixthProtocol) {
  connection x{AF_INET6};
  if (!x.works) // A machine without it.
    return;
  EXPECT_EQ(GetParam()(x.ours), (peer{::geteuid(), inode_of(x.theirs)}));
}

TEST_P(SocketOwner, IsNotRootOnlyBecauseTheOtherEndIsClosed) {
  connection x;
  ASSERT_TRUE(x.works);
  ASSERT_EQ(::send(x.theirs, "hello", 5, 0), 5);
  x.close_theirs();
  EXPECT_EQ(GetParam()(x.ours), std::nullopt);
}

TEST_P(SocketOwner, IsUnknownWithoutAConnection) {
  int lonely = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(GetParam()(lonely), std::nullopt);
  ::close(lonely);
}

INSTANTIATE_TEST_SUITE_P(ByEachWay, SocketOwner,
                         testing::Values(owner_of_peer, owner_of_peer_by_proc));

namespace {

using way_to_ask_for_server = server (*)(int);

class SocketServer : public testing::TestWithParam<way_to_ask_for_server> {};

/// Who listens and accepts nobody, as this user.
class silent_listener {
public:
  explicit silent_listener(uid_t as, int family = AF_INET) {
    sockaddr_in6 where6{};
    where6.sin6_family = AF_INET6;
    sockaddr_in where{};
    where.sin_family = AF_INET;
    auto address = family == AF_INET ? reinterpret_cast<sockaddr*>(&where)
                                     : reinterpret_cast<sockaddr*>(&where6);
    socklen_t size = family == AF_INET ? sizeof where : sizeof where6;
    if (::seteuid(as) != 0)
      return;
    door_ = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    works = ::bind(door_, address, size) == 0 && ::listen(door_, 8) == 0
            && ::getsockname(door_, address, &size) == 0
            && ::seteuid(::getuid()) == 0;
    port = ntohs(family == AF_INET ? where.sin_port : where6.sin6_port);
  }

  ~silent_listener() {
    ::close(door_);
  }

  bool works = false;
  uint16_t port = 0;

private:
  int door_ = -1;
};

/// To this port, over IPv4.
class caller {
public:
  explicit caller(uint16_t port) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    works
      = ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
  }

  ~caller() {
    ::close(fd);
  }

  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool works = false;
};

} // namespace

TEST_P(SocketServer, IsWhoAcceptedTheConnection) {
  connection x;
  ASSERT_TRUE(x.works);
  auto found = GetParam()(x.theirs);
  EXPECT_TRUE(found.on_this_machine);
  EXPECT_EQ(found.uid, ::geteuid());
}

TEST_P(SocketServer, IsWhoListensBeforeThat) {
  for (int family : {AF_INET, AF_INET6}) {
    silent_listener x{::geteuid(), family};
    if (!x.works && family == AF_INET6)
      continue; // A machine without it.
    caller to{x.port};
    ASSERT_TRUE(to.works);
    auto found = GetParam()(to.fd);
    EXPECT_TRUE(found.on_this_machine);
    EXPECT_EQ(found.uid, ::geteuid()) << family;
  }
}

TEST_P(SocketServer, IsAnotherUserIfThatOneListens) {
  constexpr uid_t nobody = 65534;
  if (::geteuid() != 0)
    return; // Only root can be somebody else.
  silent_listener x{nobody};
  ASSERT_TRUE(x.works);
  caller to{x.port};
  ASSERT_TRUE(to.works);
  EXPECT_EQ(GetParam()(to.fd).uid, nobody);
}

TEST_P(SocketServer, IsUnknownWithoutAConnection) {
  int lonely = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_FALSE(GetParam()(lonely).on_this_machine);
  ::close(lonely);
}

INSTANTIATE_TEST_SUITE_P(ByEachWay, SocketServer,
                         testing::Values(server_of, server_of_by_proc));

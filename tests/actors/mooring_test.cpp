#include "actors/remote/connection.hpp"
#include "actors/remote/mooring.hpp"

#include "tests/actors/toy_daemon.hpp"

#include <caf/io/network/default_multiplexer.hpp>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <future>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace berth::protocol;
using namespace std::chrono_literals;
using berth::client::connection;
using berth::client::settings;
using berth::test::diary;
using berth::test::toy_daemon;
using berth::test::toy_script;

settings to(uint16_t port) {
  settings result;
  result.port = port;
  return result;
}

/// Listens as another user, and keeps what it hears.
class foreign_listener {
public:
  explicit foreign_listener(uid_t whose) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto address = reinterpret_cast<sockaddr*>(&where);
    socklen_t size = sizeof where;
    if (::seteuid(whose) != 0)
      return;
    door_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool works = ::bind(door_, address, size) == 0 && ::listen(door_, 64) == 0
                 && ::getsockname(door_, address, &size) == 0;
    if (::seteuid(::getuid()) == 0 && works)
      port_ = ntohs(where.sin_port);
  }

  ~foreign_listener() {
    ::close(door_);
  }

  uint16_t port() const {
    return port_;
  }

  /// Of all who have connected since.
  std::string heard() const {
    std::string result;
    for (int fd; (fd = ::accept(door_, nullptr, nullptr)) >= 0; ::close(fd))
      for (char x; ::recv(fd, &x, 1, MSG_DONTWAIT) == 1;)
        result += x;
    return result;
  }

private:
  int door_ = -1;
  uint16_t port_ = 0;
};

/// A connection that must come about.
connection open(const settings& how) {
  auto result = connection::open(how);
  EXPECT_TRUE(result) << (result ? "" : result.error().what);
  return std::move(*result);
}

event end_of(const lease_ref& lease) {
  event result;
  result.kind = event_kind::lease_ended;
  result.lease = lease.lease;
  result.token = lease.token;
  result.detail = "expired";
  return result;
}

} // namespace

TEST(Mooring, S3_SaysNothingToAnotherUsersProcess) {
  constexpr uid_t nobody = 65534;
  if (::geteuid() != 0)
    return; // Only root can be somebody else.
  foreign_listener thief{nobody};
  ASSERT_NE(thief.port(), 0);
  auto how = to(thief.port());
  how.connect_within = 1s;
  auto link = connection::open(how);
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().code, errc::unreachable);
  EXPECT_NE(link.error().what.find("is held by user 65534"), std::string::npos)
    << link.error().what;
  EXPECT_EQ(thief.heard(), "");
  how.daemon_uids = {nobody};
  EXPECT_FALSE(connection::open(how)); // It speaks to it, and hears nothing.
  EXPECT_NE(thief.heard(), "");
}

TEST(Mooring, AsksAndIsAnswered) {
  toy_daemon daemon;
  auto link = open(to(daemon.port()));
  auto status = link.status();
  ASSERT_TRUE(status);
  EXPECT_EQ(status->version, "toy");
  EXPECT_EQ(link.version(), "toy");
  EXPECT_NE(link.id().value, 0u);
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  auto answer = tab->evaluate("1 + 1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->value, "1 + 1");
  EXPECT_FALSE(tab->lost());
}

TEST(Mooring, BringsTheFailureOfTheDaemon) {
  toy_daemon daemon;
  auto link = open(to(daemon.port()));
  auto result = link.cancel(ticket_id{7});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), fail(errc::ticket_unknown, "there are no tickets"));
}

TEST(Mooring, SaysUnreachableWhenNobodyListens) {
  uint16_t port = toy_daemon{}.port(); // Nobody is there any more.
  auto how = to(port);
  how.connect_within = 100ms;
  auto result = connection::open(how);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::unreachable);
}

TEST(Mooring, SaysUnreachableWhenNobodySpeaks) {
  auto silent = caf::io::network::new_tcp_acceptor_impl(0, "127.0.0.1", false);
  ASSERT_TRUE(silent);
  auto how = to(*caf::io::network::local_port_of_fd(*silent));
  how.connect_within = 100ms;
  auto result = connection::open(how);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::unreachable);
  caf::io::network::close_socket(*silent);
}

TEST(Mooring, IsToldAtOnceThatItsVersionIsRefused) {
  toy_daemon daemon{0, toy_script{30s, errc::version_mismatch, errc::ok}};
  auto how = to(daemon.port());
  how.connect_within = 1h;
  auto result = connection::open(how);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::version_mismatch);
}

TEST(Mooring, SaysWhyItIsNotServed) {
  toy_daemon daemon{0, toy_script{30s, errc::client_limit, errc::ok}};
  auto how = to(daemon.port());
  how.connect_within = 300ms;
  auto result = connection::open(how);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::client_limit);
}

TEST(Mooring, GoesOnWhenTheDaemonIsBack) {
  auto first = std::make_unique<toy_daemon>();
  auto port = first->port();
  auto link = open(to(port));
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  ASSERT_TRUE(link.watch_all());
  ASSERT_TRUE(link.watch({7}));
  first.reset();
  toy_daemon second{port};
  ASSERT_EQ(second.port(), port);
  ASSERT_TRUE(second.book().hears("hello from agent"));
  EXPECT_TRUE(link.status());
  EXPECT_TRUE(tab->navigate("about:blank"));
  // What it held and what it wanted to hear is said again.
  EXPECT_TRUE(second.book().hears("renew"));
  EXPECT_TRUE(second.book().hears("watch_all"));
  EXPECT_TRUE(second.book().hears("watch"));
}

TEST(Mooring, WaitsForADaemonThatComesLater) {
  uint16_t port = toy_daemon{}.port();
  auto late = std::async(std::launch::async, [=] {
    auto how = to(port);
    how.connect_within = 30s;
    return connection::open(how);
  });
  toy_daemon daemon{port};
  EXPECT_TRUE(late.get());
}

TEST(Mooring, FailsWhatIsUnderWayWhenTheDaemonDies) {
  auto daemon = std::make_unique<toy_daemon>();
  auto how = to(daemon->port());
  how.connect_within = 2s;
  auto link = open(how);
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  auto never = std::async(std::launch::async, [&] {
    return tab->evaluate("never");
  });
  ASSERT_TRUE(daemon->book().hears("never"));
  daemon.reset();
  auto result = never.get();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::cut_off);
  // What is asked now was never sent.
  auto next = link.status();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, errc::unreachable);
}

TEST(Mooring, RenewsWhatItHolds) {
  toy_daemon daemon{0, toy_script{60ms, errc::ok, errc::ok}};
  auto link = open(to(daemon.port()));
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  EXPECT_TRUE(daemon.book().hears("renew", 5));
  EXPECT_FALSE(tab->lost());
}

TEST(Mooring, HearsThatALeaseIsLost) {
  toy_daemon daemon;
  diary heard;
  auto how = to(daemon.port());
  how.on_event = [&](const event& x) {
    heard.write(to_string(x.kind));
  };
  auto link = open(how);
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  daemon.tell({end_of(tab->lease().ref)});
  ASSERT_TRUE(heard.hears(to_string(event_kind::lease_ended)));
  auto why = tab->lost();
  ASSERT_TRUE(why);
  EXPECT_EQ(*why, fail(errc::lease_gone, "expired"));
}

TEST(Mooring, TakesARefusedRenewalForTheEnd) {
  toy_daemon daemon{0, toy_script{30ms, errc::ok, errc::stale_token}};
  auto link = open(to(daemon.port()));
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  ASSERT_TRUE(daemon.book().hears("renew"));
  // The refusal is on its way: what is asked next is answered after it.
  ASSERT_TRUE(link.status());
  ASSERT_TRUE(tab->lost());
  EXPECT_EQ(tab->lost()->code, errc::stale_token);
}

TEST(Mooring, GivesBackATabThatIsDestroyed) {
  toy_daemon daemon;
  auto link = open(to(daemon.port()));
  { auto tab = link.acquire(); }
  EXPECT_TRUE(daemon.book().hears("release"));
}

TEST(Mooring, KeepsWhatWasAdoptedOrKept) {
  toy_daemon daemon;
  auto link = open(to(daemon.port()));
  lease_credential kept;
  {
    auto tab = link.acquire();
    ASSERT_TRUE(tab);
    kept = tab->keep();
  }
  EXPECT_TRUE(link.adopt(kept).navigate("about:blank"));
  ASSERT_TRUE(link.status());
  EXPECT_EQ(daemon.book().count("release"), 0u);
}

TEST(Mooring, SaysGoodbye) {
  toy_daemon daemon;
  { auto link = open(to(daemon.port())); }
  EXPECT_TRUE(daemon.book().hears("goodbye"));
}

TEST(Mooring, OutlivesAHostWhoseListenerThrows) {
  toy_daemon daemon;
  auto how = to(daemon.port());
  diary heard;
  how.on_event = [&](const event& x) {
    heard.write(to_string(x.kind));
    throw std::runtime_error{"not our fault"};
  };
  auto link = open(how);
  daemon.tell(events(2));
  EXPECT_TRUE(heard.hears(to_string(event_kind{}), 2));
  EXPECT_TRUE(link.status());
}

TEST(Mooring, RefusesWhatIsTooLarge) {
  toy_daemon daemon;
  auto link = open(to(daemon.port()));
  auto tab = link.acquire();
  ASSERT_TRUE(tab);
  auto result = tab->evaluate(std::string(size_t{33} << 20, 'x'));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, errc::too_large);
  EXPECT_TRUE(tab->evaluate("1"));
}

TEST(Mooring, ServesSeveralConnectionsOfOneProcess) {
  toy_daemon daemon;
  std::vector<connection> links;
  for (int i = 0; i < 4; ++i)
    links.push_back(open(to(daemon.port())));
  for (auto& link : links)
    EXPECT_TRUE(link.status());
  links.erase(links.begin(), links.begin() + 2);
  for (auto& link : links)
    EXPECT_TRUE(link.status());
}

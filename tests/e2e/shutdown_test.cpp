// How the daemon ends when it is told to, with real processes; and what a
// service manager is told of it.

#include "apps/fixture/service.hpp"
#include "cdp/transport/chrome_process.hpp"

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <future>
#include <memory>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace berth::tests {

namespace {

struct Shutdown : served_test {
  /// With a site to talk with.
  void start(std::vector<std::string> more = {}) {
    site.emplace(std::move(*apps::fixture::service::start()));
    more.insert(more.end(),
                {"--provider.origins", "fixture=" + site->origin()});
    daemon = std::make_unique<served>(dir.path(), more);
    ASSERT_TRUE(daemon->is_ready()) << daemon->ready();
    client::settings where;
    where.port = daemon->ready().value("port", uint16_t{0});
    auto made = client::connection::open(where);
    ASSERT_TRUE(made) << made.error().what;
    me.emplace(std::move(*made));
  }

  /// Until its prompt is in the conversation.
  void begin(const std::string& prompt) {
    auto opened = me->open_session("fixture");
    ASSERT_TRUE(opened) << opened.error().what;
    send_prompt what;
    what.session = opened->session;
    what.what.text = prompt;
    what.until = wait_until::sent;
    what.wait = patience;
    auto sent = me->send(std::move(what));
    ASSERT_TRUE(sent) << sent.error().what;
    under_way.session = opened->session;
    under_way.run = sent->run;
    under_way.wait = patience;
  }

  /// What becomes of an acquire once the daemon has heard the signal.
  failure refusal() const {
    auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until)
      if (auto tab = me->acquire(); !tab)
        return tab.error();
    return {};
  }

  std::optional<apps::fixture::service> site;
  std::unique_ptr<served> daemon;
  mutable std::optional<client::connection> me;
  poll_run under_way;
};

/// What a service manager has: a socket that is told.
class notify_socket {
public:
  explicit notify_socket(const std::string& path)
    : fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where),
              0);
  }

  ~notify_socket() {
    ::close(fd_);
  }

  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;

  /// The next message; nothing if none comes.
  std::string hear() const {
    pollfd ready{fd_, POLLIN, 0};
    char text[1024];
    auto most = patience / 1ms;
    if (::poll(&ready, 1, static_cast<int>(most)) <= 0)
      return {};
    auto size = ::recv(fd_, text, sizeof text, 0);
    return {text, static_cast<size_t>(std::max<ssize_t>(size, 0))};
  }

private:
  int fd_;
};

} // namespace

TEST_F(Shutdown, RefusesThoseWhoWaitForABerth) {
  start({"--stop.drain_within", "60s", "--admission.global", "1",
         "--admission.per_key", "1"});
  begin("say one; think 3000; stream 20 every 20");
  auto waits = std::async(std::launch::async, [&] {
    acquire what;
    what.wait = patience;
    return me->acquire(what);
  });
  auto until = std::chrono::steady_clock::now() + patience;
  for (auto now = me->status(); now && now->tickets.empty(); now = me->status())
    ASSERT_LT(std::chrono::steady_clock::now(), until);
  daemon->process().signal(SIGTERM);
  auto refused = waits.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::stopping) << refused.error().what;
  EXPECT_TRUE(me->poll(under_way));
}

TEST_F(Shutdown, LetsARunEndAndTakesNoNewWork) {
  start({"--stop.drain_within", "60s"});
  begin("say one; think 3000; stream 20 every 20");
  auto answered = std::async(std::launch::async, [&] {
    return me->poll(under_way);
  });
  daemon->process().signal(SIGTERM);
  EXPECT_EQ(refusal().code, errc::stopping);
  send_prompt more;
  more.session = under_way.session;
  more.what.text = "say two";
  more.wait = patience;
  auto refused = me->send(std::move(more));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::stopping);
  auto got = answered.get();
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->state, session_state::complete) << got->why.what;
  EXPECT_EQ(daemon->process().wait(), 0);
}

TEST_F(Shutdown, LeavesARunThatTakesTooLongToTheNextDaemon) {
  start({"--stop.drain_within", "300ms"});
  begin("say one; think 3000; stream 20 every 20");
  auto waiting = std::async(std::launch::async, [this] {
    return me->poll(under_way);
  });
  daemon->process().signal(SIGTERM);
  EXPECT_EQ(daemon->process().wait(), 0);
  auto cut_off = waiting.get();
  ASSERT_FALSE(cut_off);
  EXPECT_EQ(cut_off.error().what.find("internal"), std::string::npos)
    << cut_off.error().what;
  me.reset();
  daemon.reset();
  auto said = site->origin();
  daemon = std::make_unique<served>(
    dir.path(),
    std::vector<std::string>{"--provider.origins", "fixture=" + said});
  auto polled
    = berth_run({"session", "query", "say two", "--wait", "60s"}).parsed();
  EXPECT_EQ(polled.value("state", ""), "complete") << polled;
  auto shown = berth_run({"session", "show"}).parsed();
  ASSERT_EQ(shown["runs"].size(), 2u) << shown;
  EXPECT_EQ(shown["runs"][0]["state"], "complete") << shown;
}

TEST_F(Shutdown, EndsNowWhenItIsToldASecondTime) {
  start({"--stop.drain_within", "10m"});
  begin("say one; think 600000; stream 1 every 1");
  daemon->process().signal(SIGTERM);
  EXPECT_EQ(refusal().code, errc::stopping);
  daemon->process().signal(SIGTERM);
  EXPECT_EQ(daemon->process().wait(), 128 + SIGTERM);
}

TEST_F(Shutdown, IsNotCausedByASignalThatItWasToldToIgnore) {
  auto before = std::signal(SIGHUP, SIG_IGN); // As `nohup` does.
  served lasting{dir.path()};
  std::signal(SIGHUP, before);
  ASSERT_TRUE(lasting.is_ready());
  lasting.process().signal(SIGHUP);
  EXPECT_EQ(berth_run({"open", "about:blank"}).code, 0);
  EXPECT_EQ(berth_run({"status"}).parsed()["leases"].size(), 1u);
  lasting.process().signal(SIGTERM);
  EXPECT_EQ(lasting.process().wait(), 0);
}

TEST_F(Shutdown, TellsAServiceManager) {
  auto path = dir.path() + "/notify";
  notify_socket manager{path};
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  ::setenv("WATCHDOG_USEC", "100000", 1);
  served running{dir.path()};
  ::unsetenv("NOTIFY_SOCKET");
  ::unsetenv("WATCHDOG_USEC");
  ASSERT_TRUE(running.is_ready()) << running.ready();
  EXPECT_EQ(manager.hear(), "READY=1");
  EXPECT_EQ(manager.hear(), "WATCHDOG=1");
  EXPECT_EQ(manager.hear(), "WATCHDOG=1");
  running.process().signal(SIGTERM);
  std::string last;
  do
    last = manager.hear();
  while (last == "WATCHDOG=1");
  EXPECT_EQ(last, "STOPPING=1");
  EXPECT_EQ(running.process().wait(), 0);
}

} // namespace berth::tests

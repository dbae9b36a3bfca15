// What an agent, its daemon or its Chrome must outlive, or must not: a pause of
// all of them, a command that is killed half-way, flags of another time, a
// Chrome that its user closes and starts again.

#include "actors/held_port.hpp"
#include "cdp/transport/proc.hpp"

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <memory>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

struct Endurance : served_test {
  ~Endurance() override {
    ::unsetenv("BERTH_DOOR_HEARTBEAT");
    ::unsetenv("BERTH_DOOR_SILENCE_MAX");
  }

  /// Nothing else is waited for: the time itself is what matters.
  static void let_pass(std::chrono::milliseconds time) {
    std::promise<void>{}.get_future().wait_for(time);
  }

  static nlohmann::json look() {
    return berth_run({"status"}).parsed();
  }
};

/// Takes connections, and answers nothing.
class silent_server {
public:
  silent_server() {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto address = reinterpret_cast<sockaddr*>(&where);
    socklen_t size = sizeof where;
    if (::bind(door_, address, size) == 0 && ::listen(door_, 16) == 0
        && ::getsockname(door_, address, &size) == 0)
      port_ = ntohs(where.sin_port);
  }

  ~silent_server() {
    ::close(door_);
  }

  silent_server(const silent_server&) = delete;
  silent_server& operator=(const silent_server&) = delete;

  /// Somebody came.
  bool was_asked() const {
    pollfd door{door_, POLLIN, 0};
    return ::poll(&door, 1, 0) == 1;
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/";
  }

private:
  int door_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  uint16_t port_ = 0;
};

/// Nobody's at this moment.
std::string free_port() {
  auto held = actors::held_port::take("127.0.0.1", 0);
  return held ? std::to_string(held->port()) : "";
}

} // namespace

/// As when a container is paused, or a machine's memory is exhausted: nobody
/// could hear anybody, and so nobody was silent.
TEST_F(Endurance, T4_APauseOfEverybodyCostsNobodyItsLease) {
  ::setenv("BERTH_DOOR_HEARTBEAT", "500ms", 1);
  ::setenv("BERTH_DOOR_SILENCE_MAX", "2s", 1);
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  child_process holder{{built("berth"), "lease", "hold"}};
  ASSERT_TRUE(holder.read_line());
  for (int round = 0; round < 2; ++round) {
    daemon.process().signal(SIGSTOP);
    holder.signal(SIGSTOP);
    let_pass(4s);
    // One after the other: each finds that the other was silent for long.
    auto& first = round == 0 ? daemon.process() : holder;
    auto& second = round == 0 ? holder : daemon.process();
    first.signal(SIGCONT);
    let_pass(100ms);
    second.signal(SIGCONT);
    let_pass(3s);
    ASSERT_EQ(look()["leases"].size(), 1u) << round;
  }
  // Its silence alone is noticed as ever.
  holder.signal(SIGSTOP);
  EXPECT_TRUE(soon([] {
    return look()["leases"].empty();
  }));
  holder.signal(SIGCONT);
}

/// Nobody has seen its credential.
TEST_F(Endurance, T4_ACommandThatIsKilledLeavesNoTab) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  silent_server server;
  child_process command{
    {built("berth"), "open", "--ttl", "2h", "--within", "3s", server.url()}};
  ASSERT_TRUE(soon([&] {
    return server.was_asked();
  }));
  EXPECT_EQ(look()["leases"][0]["state"], "bound");
  command.signal(SIGKILL);
  EXPECT_TRUE(soon([] {
    return look()["leases"].empty();
  }));
  // One that is not killed has what it asked for.
  auto opened = berth_run({"open", "--ttl", "2h", "about:blank"});
  ASSERT_EQ(opened.code, 0) << opened.text;
  EXPECT_GT(opened.parsed()["expires_in"], 7000);
  EXPECT_GT(look()["leases"][0]["expires_in"], 7000);
}

/// A port that anybody can reach is not wanted any more.
TEST_F(Endurance, S3_AChromeIsNotKeptWithFlagsOfAnotherTime) {
  {
    served first{dir.path(), {"--browser.flags", "--remote-debugging-port=0"}};
    ASSERT_TRUE(first.is_ready());
    first.kill();
  }
  auto old = debugging_address_of(dir.path() + "/profile");
  ASSERT_NE(old, "");
  pid_t chrome = 0;
  {
    served second{dir.path()};
    ASSERT_TRUE(second.is_ready());
    chrome = look()["browsers"][0]["pid"];
    auto words = cdp::command_line(chrome);
    EXPECT_EQ(std::ranges::count(words, "--remote-debugging-port=0"), 0);
    second.kill();
  }
  // The same flags again: it goes on.
  served third{dir.path()};
  ASSERT_TRUE(third.is_ready());
  EXPECT_EQ(look()["browsers"][0]["pid"], chrome);
}

TEST_F(Endurance, S3_AChromeIsNotKeptOfAnotherProgram) {
  auto other = dir.path() + "/chromium-of-old";
  std::ofstream{other} << "#!/bin/sh\nexec chromium \"$@\"\n";
  ::chmod(other.c_str(), 0700);
  pid_t old = 0;
  {
    served first{dir.path(), {"--browser.program", other}};
    ASSERT_TRUE(first.is_ready());
    old = look()["browsers"][0]["pid"];
    first.kill();
  }
  {
    served again{dir.path(), {"--browser.program", other}};
    ASSERT_TRUE(again.is_ready());
    EXPECT_EQ(look()["browsers"][0]["pid"], old);
    again.kill();
  }
  served second{dir.path()};
  ASSERT_TRUE(second.is_ready());
  EXPECT_NE(look()["browsers"][0]["pid"], old);
  EXPECT_EQ(cdp::identify(old), "");
}

/// Its user closes it, and starts it again when it suits.
TEST_F(Endurance, B3_AnAttachedChromeIsWaitedFor) {
  auto port = free_port();
  ASSERT_NE(port, "");
  auto flag = "--remote-debugging-port=" + port;
  auto user = dir.path() + "/user", mine = dir.path() + "/mine";
  auto host = std::make_unique<served>(
    user, std::vector<std::string>{"--browser.flags", flag});
  ASSERT_TRUE(host->is_ready());
  served guest{mine, {"--cdp-url", "http://127.0.0.1:" + port}};
  ASSERT_TRUE(guest.is_ready());
  auto browser = [&] {
    return berth_run({"--port", guest.port(), "status"})
      .parsed()["browsers"][0];
  };
  host->process().signal(SIGTERM);
  ASSERT_EQ(host->process().wait(), 0);
  host.reset();
  // After many looks for it.
  ASSERT_TRUE(soon([&] {
    return browser().value("again_in", 0.0) > 2;
  }));
  EXPECT_EQ(browser()["state"], "waiting");
  served back{user, {"--browser.flags", flag}};
  ASSERT_TRUE(back.is_ready());
  EXPECT_TRUE(soon([&] {
    return browser()["state"] == "ready";
  }));
  EXPECT_EQ(berth_run({"--port", guest.port(), "open", "about:blank"}).code, 0);
}

} // namespace berth::tests

// How a managed Chrome can be reached: by its daemon, and by nobody else.

#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/profile.hpp"

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>

namespace berth::tests {

namespace {

namespace fs = std::filesystem;

struct ChromeDoor : served_test {};

/// Of TCP, old and new: the inodes of sockets that listen.
std::set<std::string> listening() {
  std::set<std::string> result;
  for (auto table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream in{table};
    std::string line;
    std::getline(in, line); // Its heading.
    while (std::getline(in, line)) {
      std::istringstream fields{line};
      std::vector<std::string> all;
      for (std::string field; fields >> field;)
        all.push_back(field);
      if (all.size() > 9 && all[3] == "0A")
        result.insert("socket:[" + all[9] + "]");
    }
  }
  return result;
}

/// How many sockets the Chrome of this owner, with all its processes, listens
/// on; and how many processes that are.
std::pair<size_t, size_t> listened_on(const std::string& owner) {
  auto listens = listening();
  std::set<std::string> found;
  size_t processes = 0;
  for (auto pid : cdp::all_processes()) {
    if (cdp::started_with(pid, "BERTH_OWNER") != owner)
      continue;
    ++processes;
    std::error_code gone;
    for (fs::directory_iterator i{"/proc/" + std::to_string(pid) + "/fd", gone},
         end;
         !gone && i != end; i.increment(gone)) {
      auto what = fs::read_symlink(i->path(), gone).string();
      if (listens.contains(what))
        found.insert(what);
    }
  }
  return {found.size(), processes};
}

} // namespace

TEST_F(ChromeDoor, S3_IsNoListeningSocket) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  auto [sockets, processes] = listened_on(dir.path());
  EXPECT_EQ(sockets, 0u);
  EXPECT_GT(processes, 1u);
  auto status = berth_run({"--port", daemon.port(), "status"}).parsed();
  EXPECT_EQ(status["browsers"][0]["endpoint"], "");
  EXPECT_FALSE(cdp::debugging_address(dir.path() + "/profile"));
}

/// Else the test above could not fail.
TEST_F(ChromeDoor, IsSeenWhereThereIsOne) {
  served daemon{dir.path(), {"--browser.flags", "--remote-debugging-port=0"}};
  ASSERT_TRUE(daemon.is_ready());
  EXPECT_NE(debugging_address_of(dir.path() + "/profile"), "");
  EXPECT_GT(listened_on(dir.path()).first, 0u);
}

TEST_F(ChromeDoor, S3_IsTwoPipesOfTheDaemonsUser) {
  auto pipes = {dir.path() + "/chrome.in", dir.path() + "/chrome.out"};
  {
    served daemon{dir.path()};
    ASSERT_TRUE(daemon.is_ready());
    for (const auto& name : pipes) {
      struct stat seen {};
      ASSERT_EQ(::lstat(name.c_str(), &seen), 0) << name;
      EXPECT_TRUE(S_ISFIFO(seen.st_mode)) << name;
      EXPECT_EQ(seen.st_mode & 0777, 0600u) << name;
    }
  }
  for (const auto& name : pipes)
    EXPECT_FALSE(fs::exists(name)) << name;
}

/// The dead daemon's hub holds every new page until it knows whose it is. What
/// it was at must not hold them for ever.
TEST_F(ChromeDoor, L2_IsFreeOfWhatADeadDaemonHadAttached) {
  {
    served first{dir.path()};
    ASSERT_TRUE(first.is_ready());
    auto opened
      = berth_run({"--port", first.port(), "lease", "acquire", "--ttl", "10m"});
    ASSERT_EQ(opened.code, 0) << opened.text;
    first.kill();
  }
  for (int round = 0; round < 3; ++round) {
    served next{dir.path()};
    ASSERT_TRUE(next.is_ready());
    auto status = berth_run({"--port", next.port(), "status"}).parsed();
    EXPECT_EQ(status["browsers"][0]["starts"], 1) << status;
    EXPECT_EQ(status["leases"].size(), 1u + static_cast<size_t>(round));
    // A tab of its own, made and driven at once: no root but its own waits.
    auto opened
      = berth_run({"--port", next.port(), "lease", "acquire", "--ttl", "10m"});
    EXPECT_EQ(opened.code, 0) << opened.text;
    next.kill();
  }
}

TEST_F(ChromeDoor, IsNotClosedByACommandThatIsTooLarge) {
  // Chrome would end its pipes for everybody, and say nothing.
  live_daemon berth;
  auto me = berth.connect();
  auto tab = must(me.acquire());
  // As much as a command may have; six bytes each in JSON.
  auto big = std::string((size_t{16} << 20) - 2, '\x01');
  auto refused = tab.evaluate("'" + big + "'");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("at most"), std::string::npos)
    << refused.error().what;
  EXPECT_EQ(must(tab.evaluate("1 + 1")).value, "2");
}

} // namespace berth::tests

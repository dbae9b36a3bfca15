// What is left of a daemon that was killed, and what the next one says of it.

#include "cdp/transport/chrome_process.hpp"

#include "journal/database.hpp"
#include "journal/inspection.hpp"
#include "journal/lines.hpp"
#include "tests/e2e/harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

namespace berth::tests {

namespace {

using nlohmann::json;

struct Journal : testing::Test {
  ~Journal() override {
    cdp::reap_orphan_chromes(dir.path());
  }

  std::string file() const {
    return dir.path() + "/journal.db";
  }

  config settings() const {
    config result;
    result.state_dir = dir.path();
    result.door.port = 0;
    return result;
  }

  static client::connection connect(uint16_t port) {
    client::settings where;
    where.port = port;
    auto made = client::connection::open(where);
    EXPECT_TRUE(made);
    return std::move(*made);
  }

  /// How often this reason stands in the audit.
  size_t count(const std::string& reason) const {
    size_t result = 0;
    EXPECT_TRUE(journal::export_lines(file(), [&](const std::string& line) {
      auto x = json::parse(line);
      result += x.value("table", "") == "audit"
                && x["row"].value("detail", "") == reason;
    }));
    return result;
  }

  scratch_dir dir;
};

} // namespace

TEST_F(Journal, L2_NoAcknowledgedLeaseIsLostWithAKilledDaemon) {
  {
    child_process daemon{{built("berth"), "--json", "serve", "--state-dir",
                          dir.path(), "--log_level", "off", "--door.port",
                          "0"}};
    auto ready = json::parse(daemon.read_line().value_or(""), nullptr, false);
    ASSERT_TRUE(ready.is_object());
    auto me = connect(ready.value("port", uint16_t{0}));
    auto one = me.acquire(), other = me.acquire();
    ASSERT_TRUE(one && other);
    daemon.signal(SIGKILL);
    daemon.wait();
    auto left = journal::inspect_file(file());
    ASSERT_TRUE(left);
    EXPECT_TRUE(left->complaints.empty());
    EXPECT_EQ(left->leases, 2u);
    EXPECT_EQ(left->epoch, 1u);
  }
  auto next = runtime::start(settings());
  ASSERT_TRUE(next) << next.error().what;
  EXPECT_EQ(next->epoch(), 2u);
  EXPECT_EQ(journal::inspect_file(file())->leases, 2u);
  next->stop(); // In order: then they are over.
  EXPECT_EQ(count("daemon_gone"), 2u);
  EXPECT_EQ(journal::inspect_file(file())->leases, 0u);
}

TEST_F(Journal, IsReadWhileTheDaemonWrites) {
  auto daemon = runtime::start(settings());
  ASSERT_TRUE(daemon) << daemon.error().what;
  auto me = connect(daemon->port());
  auto tab = me.acquire();
  ASSERT_TRUE(tab);
  EXPECT_EQ(journal::inspect_file(file())->leases, 1u);
  ASSERT_TRUE(tab->release());
  EXPECT_EQ(count("released"), 1u);
}

TEST_F(Journal, RefusesToServeWithADamagedFile) {
  std::ofstream{file()} << std::string(8192, 'x');
  auto refused = runtime::start(settings());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::journal_damaged);
  EXPECT_NE(refused.error().what.find("is damaged ("), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(file()), 8192u);
}

/// Somebody else holds the file, so that no lease can be written down: then no
/// tab is made either, not even for a moment, and its client is told.
TEST_F(Journal, T2_NoTabIsMadeWhoseLeaseIsNotWrittenDown) {
  auto daemon = runtime::start(settings());
  ASSERT_TRUE(daemon) << daemon.error().what;
  auto me = connect(daemon->port()), observer = connect(daemon->port());
  auto tabs = [&] {
    auto now = observer.status();
    return now ? now->browsers[0].tabs + now->browsers[0].unowned : SIZE_MAX;
  };
  auto before = tabs();
  auto holder = journal::database::open(file(), journal::access::write);
  ASSERT_TRUE(holder);
  ASSERT_TRUE(holder->execute("BEGIN IMMEDIATE"));
  auto asked = std::async(std::launch::async, [&] {
    return me.acquire();
  });
  size_t most = before;
  while (asked.wait_for(10ms) != std::future_status::ready)
    most = std::max(most, tabs());
  auto refused = asked.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::journal_failed) << refused.error().what;
  EXPECT_GT(refused.error().retry_after, duration{});
  EXPECT_EQ(most, before);
  EXPECT_TRUE(observer.status()->leases.empty());
  holder->roll_back();
  auto until = std::chrono::steady_clock::now() + patience;
  auto tab = me.acquire();
  while (!tab && std::chrono::steady_clock::now() < until)
    tab = me.acquire();
  ASSERT_TRUE(tab) << tab.error().what;
  EXPECT_EQ(tabs(), before + 1);
}

/// A lost journal must not bring tokens of old back into force.
TEST_F(Journal, KeepsTheEpochWhateverBecomesOfTheJournal) {
  auto how = settings();
  how.journal.keep = durability::memory;
  for (uint64_t epoch = 1; epoch <= 2; ++epoch) {
    auto daemon = runtime::start(how);
    ASSERT_TRUE(daemon) << daemon.error().what;
    EXPECT_EQ(daemon->epoch(), epoch);
    auto me = connect(daemon->port());
    ASSERT_TRUE(me.acquire());
    EXPECT_EQ(journal::inspect_file(file())->leases, 0u);
    daemon->stop();
    std::filesystem::remove(file());
  }
}

} // namespace berth::tests

// A start that fails leaves everything as it was: promise S5. A daemon with a
// lease and a page with state is killed; a start follows that fails; and then a
// good one has to find the lease, the tab and what is in it.

#include "actors/held_port.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"

#include "journal/database.hpp"
#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::tests {

namespace {

namespace fs = std::filesystem;

using strings = std::vector<std::string>;

struct FailedStart : served_test {
  FailedStart() {
    serve();
    lease = berth_run({"open", "data:text/html,<title>here</title>"})
              .parsed()
              .value("lease", "");
    eval("window.mine = 42");
    chrome = chrome_now();
    daemon->kill();
    record = text_of("/daemon.json");
  }

  void serve() {
    daemon = std::make_unique<served>(dir.path());
    EXPECT_TRUE(daemon->is_ready()) << daemon->ready();
  }

  std::string eval(const std::string& script) const {
    ::setenv("BERTH_LEASE", lease.c_str(), 1);
    auto result = berth_run({"eval", script}).text;
    ::unsetenv("BERTH_LEASE");
    return result;
  }

  static int chrome_now() {
    return berth_run({"status"}).parsed()["browsers"][0].value("pid", 0);
  }

  /// Of other Chromes than the one that runs.
  std::ptrdiff_t trials() const {
    return std::ranges::count_if(
      fs::directory_iterator{dir.path()}, [](const auto& x) {
        return x.path().string().find(".trial-") != std::string::npos;
      });
  }

  std::string text_of(const std::string& file) const {
    std::ostringstream result;
    result << std::ifstream{dir.path() + file}.rdbuf();
    return result.str();
  }

  /// What became of all of them.
  static std::string text_of_journal() {
    return berth_run({"journal", "export"}).text;
  }

  /// What such a start says.
  static berth_result start(strings more) {
    strings words{"serve", "--log_level", "off"};
    if (std::ranges::find(more, "--door.port") == more.end())
      words.insert(words.end(), {"--door.port", "0"});
    words.insert(words.end(), more.begin(), more.end());
    return berth_run(words);
  }

  /// It failed, and said that nothing was done.
  void refused(const berth_result& x, const std::string& why) const {
    EXPECT_EQ(x.code, 1) << x.text;
    EXPECT_NE(x.text.find(why), std::string::npos) << x.text;
    EXPECT_NE(x.text.find("Nothing was started, and no lease was changed."),
              std::string::npos)
      << x.text;
    unchanged();
  }

  void unchanged() const {
    EXPECT_EQ(text_of("/daemon.json"), record);
    EXPECT_FALSE(fs::exists(dir.path() + "/daemon.json.before"));
  }

  void lives_on() {
    auto port = nlohmann::json::parse(record).value("port", 0);
    serve();
    EXPECT_EQ(chrome_now(), chrome);
    EXPECT_EQ(daemon->ready().value("port", 0), port);
    auto mine = eval("window.mine");
    EXPECT_NE(mine.find("42"), std::string::npos) << mine;
  }

  std::unique_ptr<served> daemon;
  std::string lease;
  int chrome = 0;
  std::string record; ///< As the killed one left it.
};

} // namespace

TEST_F(FailedStart, S5_PortTaken) {
  auto taken = actors::held_port::take("127.0.0.1", 0);
  ASSERT_TRUE(taken);
  auto port = std::to_string(taken->port());
  auto said = start({"--door.port", port});
  refused(said, "Port " + port);
  EXPECT_NE(said.text.find("--door.port 0"), std::string::npos) << said.text;
  lives_on();
}

TEST_F(FailedStart, S5_AddressThatIsNotOnLoopback) {
  auto got = start({"--door.host", "192.0.2.1"});
  EXPECT_EQ(got.code, 2) << got.text;
  EXPECT_NE(got.text.find("192.0.2.1"), std::string::npos) << got.text;
  unchanged();
  lives_on();
}

/// It gets as far as it can: an epoch has begun, and no Chrome comes up.
TEST_F(FailedStart, S5_SettingsThatWantAnotherChrome) {
  for (const auto& odd : std::vector<strings>{
         {"--browser.url", "http://127.0.0.1:1"},
         {"--browser.name", "other", "--browser.program", "/bin/false"},
         {"--browser.profile", dir.path() + "/other", "--browser.program",
          "/bin/false"}}) {
    auto got = start(odd);
    EXPECT_NE(got.code, 0) << got.text;
    EXPECT_NE(got.text.find("left to the next start"), std::string::npos)
      << got.text;
  }
  lives_on();
}

TEST_F(FailedStart, S5_JournalLocked) {
  auto file = journal::database::open(dir.path() + "/journal.db",
                                      journal::access::write);
  ASSERT_TRUE(file && file->execute("BEGIN IMMEDIATE"));
  refused(start({}), "locked by another process");
  ASSERT_TRUE(file->execute("ROLLBACK"));
  lives_on();
}

TEST_F(FailedStart, S5_JournalDamaged) {
  auto file = dir.path() + "/journal.db";
  fs::rename(file, file + ".whole");
  fs::rename(file + "-wal", file + "-wal.whole");
  std::ofstream{file} << std::string(8192, 'x');
  refused(start({}), "damaged");
  fs::rename(file + ".whole", file);
  fs::rename(file + "-wal.whole", file + "-wal");
  lives_on();
}

TEST_F(FailedStart, S5_JournalOfALink) {
  auto file = dir.path() + "/journal.db", whole = file + ".whole";
  fs::rename(file, whole);
  std::ofstream{dir.path() + "/other"} << "mine";
  fs::create_symlink(dir.path() + "/other", file);
  refused(start({}), "journal");
  EXPECT_EQ(text_of("/other"), "mine");
  fs::rename(whole, file);
  lives_on();
}

/// No file may grow: for the daemon that is a full disk.
TEST_F(FailedStart, S5_DiskFull) {
  child_process full{{"/bin/sh", "-c",
                      "ulimit -f 0; exec '" + built("berth")
                        + "' --json serve --log_level off --door.port 0"}};
  auto text = full.read_all();
  refused({full.wait(), text}, "is full");
  lives_on();
}

/// That is known before the journal says that leases have ended.
TEST_F(FailedStart, S5_EpochThatCannotBeWritten) {
  auto epoch = dir.path() + "/epoch";
  fs::rename(epoch, epoch + ".mine");
  fs::create_directory(epoch);
  refused(start({}), "The epoch cannot be written");
  fs::remove(epoch);
  fs::rename(epoch + ".mine", epoch);
  lives_on();
}

TEST_F(FailedStart, S5_NoSuchChromium) {
  refused(start({"--browser.program", "/nowhere/chromium"}),
          "'/nowhere/chromium' cannot be run: there is no such program");
  refused(start({"--browser.program", "/etc/passwd"}),
          "'/etc/passwd' cannot be run: it is not an executable file");
  lives_on();
}

/// A Chrome with other flags, or another program, takes the place of the one
/// that runs, but only one that starts.
TEST_F(FailedStart, S5_FlagsOrAProgramThatDoNotStart) {
  using arguments = std::vector<std::string>;
  for (const auto& other : {arguments{"--browser.flags", "--type=renderer"},
                            arguments{"--browser.program", "/bin/cat"},
                            arguments{"--browser.program", "/bin/cat",
                                      "--browser.flags", "--type=renderer"}}) {
    auto said = start(other);
    EXPECT_EQ(said.code, 1) << said.text;
    EXPECT_EQ(said.error(), "browser.unavailable");
    unchanged();
    EXPECT_NE(cdp::identify(chrome), "");
  }
  lives_on();
  // Nor did another profile take the place of the one that is in use.
  EXPECT_EQ(text_of_journal().find("profile was set aside"), std::string::npos);
}

/// It has the threads that it needs, or says at once that it has not.
TEST_F(FailedStart, S5_LittleMemory) {
  size_t refusals = 0, starts = 0;
  for (auto kib : {"120000", "220000", "260000", "300000", "330000"}) {
    child_process next{{"/bin/sh", "-c",
                        "ulimit -v " + std::string{kib} + "; exec "
                          + built("berth")
                          + " --json serve --log_level off --door.port 0"}};
    auto said = next.read_line().value_or("");
    bool is_ready = said.find("\"ready\":true") != std::string::npos;
    bool is_refused = said.find("system.limit") != std::string::npos;
    EXPECT_TRUE(is_ready || is_refused) << kib << ": " << said;
    next.signal(is_ready ? SIGKILL : SIGTERM);
    next.wait();
    (is_ready ? starts : refusals) += 1;
  }
  EXPECT_GT(refusals, 0);
  EXPECT_GT(starts, 0);
  lives_on();
}

TEST_F(FailedStart, S5_ProfileOpenToOthers) {
  auto profile = dir.path() + "/profile";
  ::chmod(profile.c_str(), 0755);
  refused(start({}), "chmod 700 " + profile);
  ::chmod(profile.c_str(), 0700);
  lives_on();
}

TEST_F(FailedStart, S5_WrongSetting) {
  auto said = start({"--admission.tabs", "none"});
  EXPECT_EQ(said.code, 2) << said.text;
  unchanged();
  lives_on();
}

TEST_F(FailedStart, S5_DirectoryOpenToOthers) {
  ::chmod(dir.path().c_str(), 0755);
  auto said = start({});
  ::chmod(dir.path().c_str(), 0700);
  EXPECT_NE(said.text.find("chmod 700 " + dir.path()), std::string::npos)
    << said.text;
  unchanged();
  lives_on();
}

/// One after another, and a start that was killed on its way.
/// Chrome is stopped, so that the start takes long enough.
TEST_F(FailedStart, S5_ToldToEndBeforeItServes) {
  ::kill(chrome, SIGSTOP);
  {
    child_process starting{
      {built("berth"), "serve", "--log_level", "off", "--door.port", "0"}};
    EXPECT_TRUE(soon([&] {
      return text_of("/daemon.json") != record;
    }));
    starting.signal(SIGTERM);
    starting.wait();
  }
  ::kill(chrome, SIGCONT);
  lives_on();
}

/// By then it has found out that the old Chrome does not answer.
TEST_F(FailedStart, S5_ToldToEndWhileItTriesAnotherChrome) {
  ::kill(chrome, SIGSTOP);
  {
    child_process starting{
      {built("berth"), "serve", "--log_level", "off", "--door.port", "0"}};
    EXPECT_TRUE(soon([&] {
      return trials() > 0;
    }));
    starting.signal(SIGTERM);
    starting.wait();
  }
  ::kill(chrome, SIGCONT);
  lives_on();
  EXPECT_EQ(trials(), 0);
}

/// Nobody ends the Chrome that it tried but the next start.
TEST_F(FailedStart, S5_KilledWhileItTriesAnotherChrome) {
  {
    child_process starting{{built("berth"), "serve", "--log_level", "off",
                            "--door.port", "0", "--browser.flags",
                            "--mute-audio"}};
    EXPECT_TRUE(soon([&] {
      return cdp::profiles_of(dir.path()).size() > 1;
    }));
    starting.signal(SIGKILL);
    starting.wait();
  }
  lives_on();
  EXPECT_EQ(cdp::profiles_of(dir.path()).size(), 1u);
  EXPECT_EQ(trials(), 0);
}

TEST_F(FailedStart, S5_ManyOfThem) {
  for (int i = 0; i < 3; ++i)
    refused(start({"--browser.program", "/nowhere"}), "/nowhere");
  auto file = journal::database::open(dir.path() + "/journal.db",
                                      journal::access::write);
  ASSERT_TRUE(file && file->execute("BEGIN IMMEDIATE"));
  {
    child_process starting{
      {built("berth"), "serve", "--log_level", "off", "--door.port", "0"}};
    EXPECT_TRUE(soon([&] {
      return text_of("/daemon.json") != record;
    }));
    starting.signal(SIGKILL);
    starting.wait();
  }
  ASSERT_TRUE(file->execute("ROLLBACK"));
  lives_on();
}

TEST_F(FailedStart, SaysThatTheDirectoryIsAFile) {
  auto file = dir.path() + "/file";
  std::ofstream{file} << "text";
  auto said = start({"--state-dir", file});
  EXPECT_NE(said.text.find("is a file, not a directory"), std::string::npos)
    << said.text;
  lives_on();
}

} // namespace berth::tests

// What the program takes for a number, a time or a name; which daemon it asks;
// and what it says when nobody can read its answer.

#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace berth::tests;

namespace {

constexpr const char* page = "data:text/html,<title>here</title>text";

struct ProgramOutput : served_test {};
struct ProgramWords : served_test {};
struct ProgramDoor : served_test {};

/// By a shell, which says where the output goes; its standard error is what
/// comes back.
berth_result run_into(const std::string& where, const std::string& words) {
  child_process shell{
    {"/bin/sh", "-c", built("berth") + " " + words + " 2>&1 " + where}};
  auto text = shell.read_all();
  return {shell.wait(), text};
}

bool tells_of_loss(const berth_result& x) {
  return x.text.find("output.failed") != std::string::npos;
}

size_t leases_now() {
  return berth_run({"status"}).parsed()["leases"].size();
}

} // namespace

TEST_F(ProgramOutput, ThatIsLostIsAFailureOfEachCommand) {
  for (auto words :
       {"version", "--json version", "--version", "--help", "lease --help",
        "config show", "config show --example", "config check", "provider list",
        "provider show chatgpt", "reap --dry-run", "--json lease frob"})
    for (auto where : {">/dev/full", ">&-"}) {
      auto got = run_into(where, words);
      EXPECT_NE(got.code, 0) << words << where;
      EXPECT_TRUE(tells_of_loss(got)) << words << where << got.text;
    }
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  for (auto words : {"version", "status", "lease acquire", "journal export"}) {
    child_process shell{{"/bin/sh", "-c",
                         "ulimit -f 0; exec " + built("berth") + " " + words
                           + " 2>&1 >" + dir.path() + "/output"}};
    berth_result got{0, shell.read_all()};
    EXPECT_EQ(shell.wait(), 1) << words; // And no signal's.
    EXPECT_TRUE(tells_of_loss(got)) << words << got.text;
  }
  EXPECT_EQ(leases_now(), 0u);
  for (auto words :
       {"status", "--json status", "lease list", "browser list", "events",
        "session list", "browser drain main", "browser undrain main"})
    for (auto where : {">/dev/full", ">&-"}) {
      auto got = run_into(where, words);
      EXPECT_EQ(got.code, 1) << words << where;
      EXPECT_TRUE(tells_of_loss(got)) << words << where << got.text;
    }
}

TEST_F(ProgramOutput, GivesBackWhatNobodyWasToldOf) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  for (auto words :
       {"lease acquire", "--json lease acquire", "lease hold",
        "open 'data:text/html,x'", "--json open 'data:text/html,x'",
        "session open chatgpt", "--json session open chatgpt"})
    for (auto where : {">/dev/full", ">&-"}) {
      auto got = run_into(where, words);
      EXPECT_EQ(got.code, 1) << words << where;
      EXPECT_TRUE(tells_of_loss(got)) << words << where << got.text;
    }
  EXPECT_EQ(leases_now(), 0u);
  EXPECT_EQ(berth_run({"session", "list"}).text, "");
}

/// What was done is done, though nobody was told.
TEST_F(ProgramOutput, OfALeaseThatIsRenewedOrReleasedMayBeLost) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  for (auto where : {">/dev/full", ">&-"})
    for (auto json : {"", "--json "}) {
      std::string lease = berth_run({"open", page}).parsed()["lease"];
      ::setenv("BERTH_LEASE", lease.c_str(), 1);
      for (auto verb : {"renew --ttl 7m", "recover", "release"}) {
        auto got = run_into(where, std::string{json} + "lease " + verb);
        EXPECT_EQ(got.code, 1) << verb << where;
        EXPECT_TRUE(tells_of_loss(got)) << verb << where << got.text;
      }
      ::unsetenv("BERTH_LEASE");
      EXPECT_EQ(leases_now(), 0u);
    }
}

TEST_F(ProgramOutput, OfAnExportIsComplete) {
  {
    served daemon{dir.path()};
    ASSERT_TRUE(daemon.is_ready());
  }
  auto lost = run_into(">/dev/full", "journal export");
  EXPECT_EQ(lost.code, 1);
  EXPECT_NE(lost.text.find("not complete"), std::string::npos) << lost.text;
  EXPECT_EQ(run_into(">/dev/full", "journal check").code, 1);
  EXPECT_EQ(run_into("", "journal export").code, 0);
}

TEST_F(ProgramOutput, OfADaemonMayBeLost) {
  child_process daemon{{"/bin/sh", "-c",
                        "exec " + built("berth")
                          + " serve --door.port 0 --log_level off >&- "
                          + "2>/dev/null"}};
  EXPECT_TRUE(soon([] { // Nothing tells when it is ready.
    return berth_run({"status"}).code == 0;
  }));
  daemon.signal(SIGTERM);
  EXPECT_EQ(daemon.wait(), 0);
}

/// The daemon serves all the same, and says that its log has holes.
TEST_F(ProgramOutput, OfTheLogIsMissedWhenItIsLost) {
  auto trouble = [] {
    return berth_run({"status"}).parsed().value("log_trouble", "none");
  };
  for (auto where : {"2>/dev/full", "2>/dev/null"}) {
    child_process daemon{
      {"/bin/sh", "-c",
       "exec " + built("berth") + " --json serve " + "--door.port 0 " + where}};
    ASSERT_TRUE(daemon.read_line());
    EXPECT_EQ(berth_run({"open", page}).code, 0);
    if (std::string_view{where} == "2>/dev/full")
      EXPECT_TRUE(soon([&] {
        return trouble().find("could not be written: No space left")
               != std::string::npos;
      }))
        << trouble();
    else
      EXPECT_EQ(trouble(), "");
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait(), 0);
  }
}

TEST_F(ProgramOutput, OfTheLogGoesIntoAFileOfItsOwn) {
  auto log = dir.path() + "/berth.log";
  auto serve = built("berth") + " --json serve --door.port 0 --log.file " + log;
  {
    child_process daemon{{"/bin/sh", "-c", "exec " + serve + " 2>/dev/full"}};
    ASSERT_TRUE(daemon.read_line());
    EXPECT_EQ(berth_run({"open", page}).code, 0);
    EXPECT_EQ(berth_run({"status"}).parsed().value("log_trouble", "none"), "");
    daemon.signal(SIGTERM);
    EXPECT_EQ(daemon.wait(), 0);
  }
  std::ostringstream text;
  text << std::ifstream{log}.rdbuf();
  for (auto word : {"browser_up", "lease_bound", "lease_ended"})
    EXPECT_NE(text.str().find(word), std::string::npos) << text.str();
  ::chmod(log.c_str(), 0644);
  auto refused = run_into("", serve.substr(built("berth").size() + 1));
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.text.find("chmod 600 " + log), std::string::npos)
    << refused.text;
}

TEST_F(ProgramWords, AreNumbersWhereNumbersAreMeant) {
  using words = std::vector<std::string>;
  for (const auto& with :
       {words{"lease", "revoke"}, words{"events", "-n"},
        words{"session", "show", "-s"}, words{"session", "poll"},
        words{"session", "stop"}, words{"--port"}, words{"contend", "--agents"},
        words{"contend", "--minutes"}, words{"agent", "--rounds"},
        words{"fixture", "serve", "--port"}})
    for (auto number : {"-1", "", " 1", "+1", "1e3x", "abc", "1x", "0x",
                        "99999999999999999999", "1 ", "--", "nan", "inf"}) {
      // For a number that may be left out it means that none follows.
      if (std::string_view{number} == "--" && with[0] == "session"
          && with.size() == 2)
        continue;
      auto line = with;
      line.emplace_back(number);
      if (with[0] == "--port")
        line.emplace_back("status");
      auto got = berth_run(line);
      EXPECT_EQ(got.code, 2) << with.front() << " '" << number << "'";
      EXPECT_EQ(got.error(), "request.invalid") << got.text;
    }
}

TEST_F(ProgramWords, AreTimesWhereTimesAreMeant) {
  using words = std::vector<std::string>;
  for (const auto& with :
       {words{"lease", "acquire", "--ttl"}, words{"lease", "acquire", "--wait"},
        words{"lease", "hold", "--grace"},
        words{"lease", "renew", "-l", "1:1.1", "--ttl"},
        words{"open", page, "--ttl"}, words{"open", page, "--within"},
        words{"eval", "1", "--within"}, words{"session", "poll", "--wait"},
        words{"session", "send", "x", "--timeout"}})
    for (auto time :
         {"", "-1s", "5x", "s", "1e3s", "soon", "1s ", "9999999h"}) {
      auto line = with;
      line.emplace_back(time);
      auto got = berth_run(line);
      EXPECT_EQ(got.code, 2) << with.front() << " '" << time << "'";
      EXPECT_EQ(got.error(), "request.invalid") << got.text;
    }
}

TEST_F(ProgramWords, AreNotEmptyWhereSomethingIsNamed) {
  ::setenv("BERTH_LEASE", "1:1.1", 1);
  using words = std::vector<std::string>;
  for (const auto& line :
       {words{"eval", "-l", "", "1"}, words{"lease", "release", "-l", ""},
        words{"text", "--target", ""}, words{"lease", "acquire", "--key", ""},
        words{"lease", "acquire", "--browser", ""},
        words{"--state-dir", "", "status"}, words{"--config", "", "status"},
        words{"--host", "", "status"}})
    EXPECT_EQ(berth_run(line).code, 2) << line.front();
  ::unsetenv("BERTH_LEASE");
}

TEST_F(ProgramWords, AreRefusedInJsonToo) {
  for (const auto& line : std::vector<std::vector<std::string>>{
         {"lease", "renew", "-l"},
         {"lease", "revoke"},
         {"frobnicate"},
         {"--port", "abc", "status"},
         {"session", "query", "--format", "x"}})
    EXPECT_EQ(berth_run(line).error(), "request.invalid") << line.front();
}

TEST_F(ProgramWords, NameTheTabThatOpenNavigates) {
  served daemon{dir.path()};
  std::string lease = berth_run({"open", page}).parsed()["lease"];
  ::setenv("BERTH_LEASE", lease.c_str(), 1);
  EXPECT_EQ(berth_run({"open", "data:text/html,<title>there</title>"}).code, 0);
  EXPECT_EQ(leases_now(), 1u);
  EXPECT_EQ(berth_run({"eval", "document.title"}).parsed()["value"], "there");
  EXPECT_EQ(berth_run({"open", "--ttl", "1m", page}).code, 2);
  EXPECT_EQ(berth_run({"open", "--new", "--ttl", "1m", page}).code, 0);
  EXPECT_EQ(leases_now(), 2u);
  EXPECT_EQ(berth_run({"open", "--new", "-l", lease, page}).code, 2);
  ::unsetenv("BERTH_LEASE");
}

// As root the limit does not count: the test changes its user for that.
TEST_F(ProgramDoor, IsNotTriedWithoutThreads) {
  auto as_nobody
    = ::getuid() == 0 ? "setpriv --reuid=65534 --clear-groups " : std::string{};
  for (auto words : {"--port 1 status", "serve --door.port 0"}) {
    child_process shell{{"/bin/sh", "-c",
                         "exec " + as_nobody
                           + "/bin/bash -c 'ulimit -u 2; exec " + built("berth")
                           + " --json " + words + "'"}};
    auto text = shell.read_all();
    EXPECT_EQ(shell.wait(), 1) << words;
    EXPECT_NE(text.find("system.limit"), std::string::npos) << words << text;
  }
}

TEST_F(ProgramDoor, IsThatOfTheStateDirectoryThatIsNamed) {
  auto other = dir.path() + "/other", none = dir.path() + "/none";
  served daemon{other};
  ASSERT_TRUE(daemon.is_ready());
  auto named = berth_run({"--state-dir", other, "status"});
  EXPECT_EQ(named.parsed()["pid"], daemon.ready()["pid"]);
  EXPECT_EQ(berth_run({"status", "--state_dir", other}).code, 0);
  // Whatever else is known of a daemon, the directory has none.
  ::setenv("BERTH_DOOR_PORT", daemon.port().c_str(), 1);
  for (auto words : std::vector<std::vector<std::string>>{
         {"status"},
         {"--state-dir", none, "status"},
         {"--state-dir", none, "lease", "revoke", "1"},
         {"--state-dir", none, "session", "send", "secret"}}) {
    auto got = berth_run(words);
    EXPECT_EQ(got.code, 69) << got.text;
    EXPECT_EQ(got.error(), "daemon.unreachable");
    auto where = words.size() == 1 ? dir.path() : none;
    EXPECT_NE(got.text.find(where), std::string::npos) << got.text;
  }
  ::unsetenv("BERTH_DOOR_PORT");
  // An address that is given is the one that is meant.
  EXPECT_EQ(berth_run({"--port", daemon.port(), "status"}).code, 0);
}

TEST_F(ProgramDoor, IsNotLookedForBySettingsThatAreWrong) {
  served daemon{dir.path()};
  ASSERT_TRUE(daemon.is_ready());
  auto file = dir.path() + "/berth.toml";
  EXPECT_EQ(berth_run({"--config", file, "status"}).code, 2);
  EXPECT_EQ(berth_run({"--config", file, "journal", "check"}).code, 2);
  EXPECT_EQ(berth_run({"--config", file, "reap", "--dry-run"}).code, 2);
  std::ofstream{file} << "state_dri = \"/tmp/x\"\n";
  EXPECT_EQ(berth_run({"--config", file, "status"}).code, 2);
  std::ofstream{file} << "state_dir = \"" << dir.path() << "/other\"\n";
  ::unsetenv("BERTH_STATE_DIR");
  EXPECT_EQ(berth_run({"--config", file, "status"}).code, 69);
  std::ofstream{file} << "state_dir = \"" << dir.path() << "\"\n";
  EXPECT_EQ(berth_run({"--config", file, "status"}).code, 0);
}

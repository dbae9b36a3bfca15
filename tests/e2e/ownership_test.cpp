// One daemon per state directory: promise O1, with real processes that start
// together, are stopped and continued, and lose their Chrome for good.

#include "actors/daemon_record.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"

#include "journal/database.hpp"
#include "tests/e2e/container.hpp"
#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace berth::tests {

namespace {

using nlohmann::json;

constexpr const char* page = "data:text/html,<title>here</title>text";

struct Ownership : served_test {
  json record() const {
    std::ifstream in{dir.path() + "/daemon.json"};
    return json::parse(in, nullptr, false);
  }

  void write(const json& what) const {
    std::ofstream{dir.path() + "/daemon.json"} << what;
  }

  /// Of this directory; each has many processes, but one group.
  std::vector<pid_t> chromes() const {
    std::vector<pid_t> result;
    for (auto pid : cdp::all_processes())
      if (cdp::started_with(pid, "BERTH_OWNER") == dir.path()
          && ::getpgid(pid) == pid && !cdp::identify(pid).empty())
        result.push_back(pid);
    return result;
  }

  /// As it is called here, whatever it is called where it is.
  pid_t pid_of_daemon() const {
    for (auto pid : cdp::all_processes()) {
      auto words = cdp::command_line(pid);
      if (!words.empty() && words.front() == built("berth")
          && cdp::started_with(pid, "BERTH_STATE_DIR") == dir.path())
        return pid;
    }
    return 0;
  }

  static int chrome() {
    return berth_run({"status"}).parsed()["browsers"][0].value("pid", 0);
  }

  static std::string open() {
    auto opened = berth_run({"open", page});
    EXPECT_EQ(opened.code, 0) << opened.text;
    return opened.parsed().value("lease", "");
  }

  static std::string text_of(const std::string& lease) {
    auto got = berth_run(lease, {"text"});
    return got.code == 0 ? got.parsed().value("value", "") : got.error();
  }

  std::vector<std::string> serve(std::vector<std::string> more = {}) const {
    std::vector<std::string> result{
      built("berth"), "--json",      "serve",
      "--state-dir",  dir.path(),    "--log_level",
      "off",          "--door.port", "0"};
    result.insert(result.end(), more.begin(), more.end());
    return result;
  }
};

/// Continues it again, however the test ends.
class stopped {
public:
  explicit stopped(const child_process& x) : whom_{x} {
    whom_.signal(SIGSTOP);
  }

  ~stopped() {
    go_on();
  }

  stopped(const stopped&) = delete;
  stopped& operator=(const stopped&) = delete;

  void go_on() const {
    whom_.signal(SIGCONT);
  }

private:
  const child_process& whom_;
};

json first_line_of(child_process& x) {
  return json::parse(x.read_line().value_or(""), nullptr, false);
}

} // namespace

TEST_F(Ownership, O1_OneOfManyStartsOwnsAndTheOthersJoin) {
  constexpr size_t starts = 16;
  std::vector<std::unique_ptr<child_process>> all;
  for (size_t i = 0; i < starts; ++i)
    all.push_back(std::make_unique<child_process>(serve()));
  std::vector<json> said;
  for (auto& x : all)
    said.push_back(first_line_of(*x));
  size_t owner = starts;
  for (size_t i = 0; i < starts; ++i) {
    ASSERT_TRUE(said[i].is_object() && said[i].value("ready", false))
      << said[i];
    if (!said[i].value("joined", true)) {
      EXPECT_EQ(owner, starts) << "two owners: " << said[i];
      owner = i;
    }
  }
  ASSERT_LT(owner, starts);
  for (size_t i = 0; i < starts; ++i)
    if (i != owner) {
      EXPECT_EQ(all[i]->wait(), 0);
      for (auto field : {"pid", "port", "epoch", "state_dir"})
        EXPECT_EQ(said[i][field], said[owner][field]) << field;
    }
  EXPECT_EQ(chromes().size(), 1u);
  EXPECT_EQ(text_of(open()), "text");
  all[owner]->signal(SIGTERM);
  EXPECT_EQ(all[owner]->wait(), 0);
  EXPECT_TRUE(chromes().empty());
}

TEST_F(Ownership, O1_AnOwnerThatIsStoppedIsReplacedAndFindsOut) {
  served first{dir.path()};
  ASSERT_TRUE(first.is_ready());
  auto lease = open();
  auto same = chrome();
  stopped for_now{first.process()};
  {
    served second{dir.path(), {"--door.silence_max", "3s"}};
    ASSERT_TRUE(second.is_ready()) << second.ready();
    EXPECT_FALSE(second.ready().value("joined", true));
    EXPECT_GT(second.ready()["epoch"], first.ready()["epoch"]);
    EXPECT_EQ(chrome(), same);
    EXPECT_EQ(text_of(lease), "text");
    EXPECT_EQ(text_of(open()), "text"); // Nobody holds new tabs back.
    for_now.go_on();
    EXPECT_EQ(first.process().wait(), 70);
    EXPECT_EQ(record()["pid"], second.ready()["pid"]);
    EXPECT_EQ(chrome(), same);
    EXPECT_EQ(text_of(lease), "text");
    EXPECT_EQ(text_of(open()), "text");
    auto now = berth_run({"status"}).parsed();
    EXPECT_EQ(now["pid"], second.ready()["pid"]);
    EXPECT_EQ(now["leases"].size(), 3u);
    EXPECT_EQ(now["healthy"], true);
    second.process().signal(SIGTERM);
    EXPECT_EQ(second.process().wait(), 0);
  }
  EXPECT_TRUE(chromes().empty());
}

TEST_F(Ownership, O1_AnOwnerThatCannotHaveItsChromeStepsDown) {
  auto program = dir.path() + "/chrome";
  auto flag = dir.path() + "/broken";
  std::ofstream{program} << "#!/bin/sh\n[ -e '" << flag
                         << "' ] && exit 1\nexec chromium \"$@\"\n";
  ::chmod(program.c_str(), 0700);
  served first{dir.path(),
               {"--browser.program", program, "--browser.start_within", "3s",
                "--restart.restarts_max", "1000"}};
  ASSERT_TRUE(first.is_ready()) << first.ready();
  auto lease = open();
  std::ofstream{flag} << "yes";
  ::kill(chrome(), SIGKILL);
  while (berth_run({"status"}).parsed().value("healthy", true))
    ;
  served second{dir.path()};
  ASSERT_TRUE(second.is_ready()) << second.ready();
  EXPECT_FALSE(second.ready().value("joined", true));
  EXPECT_EQ(first.process().wait(), 70);
  EXPECT_EQ(text_of(lease), "tab.lost");
  EXPECT_EQ(berth_run(lease, {"lease", "recover"}).code, 0);
  EXPECT_EQ(berth_run(lease, {"eval", "1"}).code, 0);
}

// Its lock died with it, and its pid is somebody else's.
TEST_F(Ownership, O1_ARecordOfAnotherProcessIsNotBelieved) {
  {
    served killed{dir.path()};
    ASSERT_TRUE(killed.is_ready());
    killed.kill();
  }
  auto left = record();
  ASSERT_TRUE(left.is_object());
  left["pid"] = ::getpid();
  left["process"] = std::to_string(::getpid()) + "@1";
  write(left);
  EXPECT_EQ(berth_run({"status"}).error(), "daemon.unreachable");
  served next{dir.path()};
  ASSERT_TRUE(next.is_ready()) << next.ready();
  EXPECT_FALSE(next.ready().value("joined", true));
  EXPECT_EQ(text_of(open()), "text");
}

// An owner that was stopped while it wrote, and was taken over once before.
TEST_F(Ownership, O1_SaysWhoKeepsTheJournalFromIt) {
  {
    served before{dir.path()};
    ASSERT_TRUE(before.is_ready());
  }
  auto self = actors::describe_self();
  ASSERT_TRUE(actors::write_record(dir.path(), self));
  auto file = journal::database::open(dir.path() + "/journal.db",
                                      journal::access::write);
  ASSERT_TRUE(file && file->execute("BEGIN IMMEDIATE"));
  for (int i = 0; i < 2; ++i) {
    auto got = berth_run({"serve", "--log_level", "off", "--door.port", "0"});
    EXPECT_EQ(got.error(), "journal.failed") << got.text;
    EXPECT_NE(got.text.find("kill -9 " + std::to_string(self.pid)),
              std::string::npos)
      << got.text;
  }
  ASSERT_TRUE(file->execute("ROLLBACK"));
  served next{dir.path()};
  EXPECT_TRUE(next.is_ready()) << next.ready();
}

TEST_F(Ownership, O1_SaysWhoKeepsAStartFromIt) {
  served first{dir.path()};
  ASSERT_TRUE(first.is_ready());
  auto lease = open();
  stopped for_now{first.process()};
  // As a start that was stopped in the middle of it.
  int guard = ::open((dir.path() + "/guard").c_str(), O_RDWR | O_CREAT, 0600);
  ASSERT_EQ(::flock(guard, LOCK_EX), 0);
  auto got = berth_run({"serve", "--log_level", "off", "--door.port", "0",
                        "--door.silence_max", "3s"});
  EXPECT_EQ(got.error(), "daemon.occupied") << got.text;
  EXPECT_NE(got.text.find(dir.path() + "/guard"), std::string::npos)
    << got.text;
  ::close(guard);
  for_now.go_on();
  EXPECT_EQ(text_of(lease), "text");
}

/// Neither of two containers sees the other's processes. Where none can be
/// made, the record says so.
TEST_F(Ownership, O1_AnOwnerInAnotherContainerIsNeverReplaced) {
  bool can = has_containers();
  auto contained = [&](const std::string& what) {
    return can ? in_container(what)
               : std::vector<std::string>{"/bin/sh", "-c", what};
  };
  auto berth = "exec '" + built("berth") + "' --json serve --log_level off "
               + "--door.port 0 --door.silence_max 3s";
  child_process first{contained(berth)};
  auto owner = first_line_of(first);
  ASSERT_TRUE(owner.is_object() && owner.value("ready", false)) << owner;
  if (!can) {
    auto elsewhere = record();
    elsewhere["place"] = "another container";
    write(elsewhere);
  }
  child_process second{contained(berth)};
  auto said = first_line_of(second);
  EXPECT_TRUE(said.is_object() && said.value("joined", false)) << said;
  EXPECT_EQ(second.wait(), 0);
  auto daemon = pid_of_daemon();
  ASSERT_GT(daemon, 0);
  ::kill(daemon, SIGSTOP);
  child_process third{serve({"--door.silence_max", "3s"})};
  said = first_line_of(third);
  ASSERT_TRUE(said.is_object() && said.contains("error")) << said;
  EXPECT_EQ(said["error"]["code"], "daemon.occupied");
  ::kill(daemon, SIGCONT);
  EXPECT_EQ(record()["epoch"], owner["epoch"]);
  EXPECT_EQ(text_of(open()), "text");
  EXPECT_EQ(chromes().size(), 1u);
}

} // namespace berth::tests

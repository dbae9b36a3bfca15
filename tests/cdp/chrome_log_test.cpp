#include "cdp/transport/chrome_log.hpp"
#include "cdp/transport/chrome_process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>

namespace {

using namespace berth::cdp;
namespace fs = std::filesystem;

struct ChromeLog : testing::Test {
  ChromeLog() {
    char name[] = "/tmp/berth-log-XXXXXX";
    dir = ::mkdtemp(name);
    log = dir + "/chrome.log";
  }

  ~ChromeLog() override {
    fs::remove_all(dir);
  }

  static std::string text_of(const std::string& path) {
    std::ostringstream result;
    result << std::ifstream{path}.rdbuf();
    return result.str();
  }

  std::string dir, log;
};

} // namespace

/// It has the file open all the time, as Chrome has.
TEST_F(ChromeLog, KeepsTheEndOfWhatABabblingProgramSays) {
  auto told = dir + "/told", go_on = dir + "/go_on";
  ASSERT_EQ(::mkfifo(told.c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo(go_on.c_str(), 0600), 0);
  launch_options how;
  how.program = dir + "/chrome";
  how.profile = dir + "/profile";
  how.pipes = {dir + "/in", dir + "/out"};
  how.log = log;
  how.owner = dir;
  std::ofstream{how.program} << "#!/bin/sh\n"
                             << "yes babble | head -c 9100000 >&2\n"
                             << "echo last >&2\necho > " << told << "\n"
                             << "read x < " << go_on << "\n"
                             << "echo after >&2\n";
  fs::permissions(how.program, fs::perms::owner_all);
  std::ofstream{log} << "before\n";
  std::string trouble;
  auto program = chrome_process::launch(how, trouble);
  ASSERT_TRUE(program) << trouble;
  EXPECT_EQ(text_of(log + ".1"), "before\n");
  std::string line;
  std::ifstream until{told};
  std::getline(until, line);
  EXPECT_TRUE(is_full(log));
  cut_log(log);
  EXPECT_FALSE(is_full(log));
  std::ofstream{go_on} << "\n";
  ::waitpid(program->pid(), nullptr, 0);
  auto kept = text_of(log + ".1"), now = text_of(log);
  EXPECT_LE(kept.size(), chrome_log_kept);
  EXPECT_GT(kept.size(), chrome_log_kept - 10);
  EXPECT_TRUE(kept.starts_with("babble\n"));
  EXPECT_TRUE(kept.ends_with("babble\nlast\n"));
  EXPECT_TRUE(now.ends_with("\nafter\n")) << now.size();
  EXPECT_LT(now.size(), 100u);
  for (auto& path : {log, log + ".1"})
    EXPECT_EQ(fs::status(path).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(ChromeLog, FollowsNoLink) {
  auto precious = dir + "/precious";
  std::ofstream{precious} << "text";
  fs::create_symlink(precious, log);
  EXPECT_FALSE(is_full(log));
  cut_log(log);
  EXPECT_EQ(text_of(precious), "text");
  fs::remove(log);
  std::ofstream{log} << "mine\n";
  fs::remove(log + ".1");
  fs::create_symlink(precious, log + ".1");
  cut_log(log);
  EXPECT_EQ(text_of(precious), "text");
  EXPECT_EQ(text_of(log + ".1"), "mine\n");
}

// `berth swarm` and `berth story` are the player's own words.

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

struct outcome {
  int code = -1;
  std::string text; ///< Of both streams.
};

outcome run(const std::string& command) {
  outcome result;
  auto pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> bytes;
  for (size_t got = 1; got > 0;) {
    got = std::fread(bytes.data(), 1, bytes.size(), pipe);
    result.text.append(bytes.data(), got);
  }
  auto state = ::pclose(pipe);
  result.code = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
  return result;
}

const std::string berth = std::string{BINARIES} + "/berth";

} // namespace

TEST(ScenariosCommand, PassesEveryWordOnToThePlayer) {
  auto got = run(berth + " swarm --seeds 2 --faults chrome-dies --minutes 1");
  EXPECT_EQ(got.code, 0);
  EXPECT_EQ(got.text.rfind("2 seeds clean", 0), 0u) << got.text;
  got = run(berth + " swarm --faults rain");
  EXPECT_EQ(got.code, 2);
  EXPECT_NE(got.text.find("There is no fault 'rain'"), std::string::npos);
  EXPECT_NE(got.text.find("\nchrome-dies\n"), std::string::npos);
  got = run(berth + " story " ROOT "/scenarios/stories/l6_queue.story");
  EXPECT_EQ(got.code, 0) << got.text;
}

TEST(ScenariosCommand, SaysWhereItLookedForAMissingPlayer) {
  auto lonely = fs::temp_directory_path()
                / ("berth-lonely-" + std::to_string(::getpid()));
  fs::create_directories(lonely);
  fs::copy_file(berth, lonely / "berth");
  auto got = run("PATH=" + lonely.string() + " berth swarm");
  EXPECT_EQ(got.code, 69);
  EXPECT_NE(got.text.find((lonely / "berth-scenarios").string()),
            std::string::npos)
    << got.text;
  fs::remove_all(lonely);
}

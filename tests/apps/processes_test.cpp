#include "apps/processes.hpp"

#include <gtest/gtest.h>

#include <csignal>

using namespace berth::apps;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> shell(const char* script) {
  return {"/bin/sh", "-c", script};
}

/// All that they say until all have ended.
std::vector<heard> listen_to_the_end(processes& all) {
  std::vector<heard> result;
  while (all.running() > 0)
    for (auto& x : all.listen(1s))
      result.push_back(x);
  return result;
}

} // namespace

TEST(Processes, AreHeardLineByLine) {
  processes all{true};
  auto pid = all.start(shell("echo one; printf tw; echo o; exit 3"));
  ASSERT_GT(pid, 0);
  auto said = listen_to_the_end(all);
  ASSERT_EQ(said.size(), 3u);
  EXPECT_EQ(said[0].who, pid);
  EXPECT_EQ(said[0].line, "one");
  EXPECT_EQ(said[1].line, "two");
  EXPECT_EQ(said[2].ended, 3);
}

TEST(Processes, EndBySignalWithAllThatTheyStarted) {
  processes all{true};
  // The inner one has the other end of the pipe, too.
  auto pid = all.start(shell("sh -c 'echo here; tail -f /dev/null' & wait"));
  auto here = all.listen(10s);
  ASSERT_EQ(here.size(), 1u);
  EXPECT_EQ(here[0].line, "here");
  all.signal_all(pid, SIGKILL);
  auto end = listen_to_the_end(all);
  ASSERT_EQ(end.size(), 1u);
  EXPECT_EQ(end[0].ended, 128 + SIGKILL);
}

TEST(Processes, EndWithTheirObject) {
  pid_t pid = -1;
  {
    processes all{true};
    pid = all.start(shell("echo here; tail -f /dev/null"));
    all.listen(10s);
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST(Processes, OfNoProgramEndAtOnce) {
  processes all{false};
  all.start({"/no/such/program"});
  auto end = listen_to_the_end(all);
  ASSERT_EQ(end.size(), 1u);
  EXPECT_EQ(end[0].ended, 127);
}

// Processes share seeds, and a crash costs one.

#include "scenarios/jobs.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <unistd.h>

namespace berth::scenarios {

namespace {

std::map<uint64_t, run_report>
play_all(size_t jobs, const std::function<run_report(uint64_t)>& player) {
  swarm_options how;
  how.first = 5;
  how.seeds = 20;
  how.jobs = jobs;
  std::map<uint64_t, run_report> result;
  play_in_jobs(how, player, [&](uint64_t seed, const run_report& x) {
    EXPECT_TRUE(result.emplace(seed, x).second) << seed;
  });
  return result;
}

TEST(Jobs, TellOfEverySeedOnce) {
  for (size_t jobs : {1, 3, 30}) {
    auto told = play_all(jobs, [](uint64_t seed) {
      run_report result;
      result.messages = seed;
      result.conversations = 3 * seed;
      result.turns = 4 * seed;
      result.agent_time = duration{int64_t(seed) * 2};
      result.story = std::string(seed * 1000, 'x');
      if (seed % 2 == 0)
        result.complaint = "even";
      return result;
    });
    ASSERT_EQ(told.size(), 20u);
    EXPECT_EQ(told.begin()->first, 5u);
    for (auto& [seed, x] : told) {
      EXPECT_EQ(x.messages, seed);
      EXPECT_EQ(x.conversations, 3 * seed);
      EXPECT_EQ(x.turns, 4 * seed);
      EXPECT_EQ(x.agent_time, duration{int64_t(seed) * 2});
      EXPECT_EQ(x.story.size(), seed * 1000);
      EXPECT_EQ(x.complaint, seed % 2 == 0 ? "even" : "");
    }
  }
}

TEST(Jobs, GoOnAfterACrash) {
  auto told = play_all(2, [](uint64_t seed) {
    if (seed == 7)
      std::raise(SIGKILL);
    if (seed == 24)
      ::_exit(3);
    return run_report{};
  });
  ASSERT_EQ(told.size(), 20u);
  for (auto& [seed, x] : told)
    EXPECT_EQ(x.complaint.empty(), seed != 7 && seed != 24) << x.complaint;
  EXPECT_EQ(told[7].complaint, "the process died of: Killed");
  EXPECT_EQ(told[24].complaint, "the process died");
}

} // namespace

} // namespace berth::scenarios

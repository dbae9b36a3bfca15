// Many runs of the swarm, and what is said of them.

#include "scenarios/jobs.hpp"
#include "scenarios/swarm.hpp"

#include <csignal>
#include <cstdio>

namespace berth::scenarios {

namespace {

/// As many agents as the rate is given for.
constexpr double agents_of_rate = 16;

using seconds = std::chrono::duration<double>;

/// What to type to see it again.
std::string replay_of(const swarm_options& how, uint64_t seed) {
  auto result = "berth swarm --seed " + std::to_string(seed);
  if (how.chaos) {
    char minutes[32];
    std::snprintf(minutes, sizeof minutes, " --minutes %.12g",
                  seconds{*how.chaos}.count() / 60);
    result += minutes;
  }
  if (how.faults) {
    std::string names;
    for (auto& x : *how.faults)
      names += (names.empty() ? "" : ",") + flag_of(x);
    result += " --faults " + (names.empty() ? "none" : names);
  }
  return result;
}

void compare(run_report& first, const run_report& second) {
  if (first.hash != second.hash)
    first.complaint = "a second run took another path";
  first.messages += second.messages;
  first.conversations += second.conversations;
  first.turns += second.turns;
  first.agent_time += second.agent_time;
}

/// Plays it and, if it fails, once more to tell how it came to that: silence
/// is faster, and the second run is the same.
run_report judge(const swarm_options& how, uint64_t seed) {
  transcript silent{false};
  auto result = play(how, seed, silent);
  if (result.complaint.empty() && seed % 10 == 0)
    compare(result, play(how, seed, silent));
  if (result.complaint.empty())
    return result;
  transcript tale{true};
  auto journal = play(how, seed, tale).story;
  result.story = tale.last(how.lines) + journal;
  return result;
}

/// The only run of this process, for who dies in the midst of it.
transcript* told_now = nullptr;
size_t lines_now = 0;

void tell_of_the_dying(int) {
  std::printf("%s", told_now->last(lines_now).c_str());
  std::fflush(stdout);
}

/// In this process, so that a debugger sees it.
run_report replay(const swarm_options& how, uint64_t seed) {
  transcript tale{true};
  told_now = &tale;
  lines_now = how.lines;
  std::signal(SIGABRT, tell_of_the_dying);
  auto result = play(how, seed, tale);
  std::signal(SIGABRT, SIG_DFL);
  transcript silent{false};
  if (result.complaint.empty())
    compare(result, play(how, seed, silent));
  if (!result.complaint.empty())
    result.story = tale.last(how.lines) + result.story;
  return result;
}

/// All runs together.
class tally {
public:
  explicit tally(const swarm_options& how) : how_{how} {
    // nop
  }

  void add(uint64_t seed, const run_report& x) {
    messages_ += static_cast<double>(x.messages);
    conversations_ += x.conversations;
    turns_ += x.turns;
    agent_minutes_ += seconds{x.agent_time}.count() / 60;
    if (x.complaint.empty())
      return;
    ++failed_;
    std::printf("seed %llu: %s\n%sreplay: %s\n",
                static_cast<unsigned long long>(seed), x.complaint.c_str(),
                x.story.c_str(), replay_of(how_, seed).c_str());
    std::fflush(stdout);
  }

  bool conclude(seconds took) const {
    if (failed_ == 0)
      std::printf("%zu seed%s clean, %.1f M messages, %zu conversations, "
                  "%zu turns\n",
                  how_.seeds, how_.seeds == 1 ? "" : "s", messages_ / 1e6,
                  conversations_, turns_);
    else
      std::printf("%zu of %zu seeds failed\n", failed_, how_.seeds);
    if (how_.rate)
      std::printf("%.0f simulated minutes of 16 agents per second; "
                  "%.0f messages per agent and minute; "
                  "%.2f us per message and process\n",
                  agent_minutes_ / agents_of_rate / took.count(),
                  messages_ / agent_minutes_,
                  1e6 * took.count() * static_cast<double>(how_.jobs)
                    / messages_);
    return failed_ == 0;
  }

private:
  const swarm_options& how_;
  size_t failed_ = 0;
  double messages_ = 0;
  size_t conversations_ = 0;
  size_t turns_ = 0;
  double agent_minutes_ = 0;
};

} // namespace

bool run_swarm(const swarm_options& options) {
  auto started = std::chrono::steady_clock::now();
  tally all{options};
  if (options.seeds == 1)
    all.add(options.first, replay(options, options.first));
  else
    play_in_jobs(
      options,
      [&](uint64_t seed) {
        return judge(options, seed);
      },
      [&](uint64_t seed, const run_report& x) {
        all.add(seed, x);
      });
  return all.conclude(std::chrono::steady_clock::now() - started);
}

} // namespace berth::scenarios

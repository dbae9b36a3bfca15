// A swarm: unreliable agents, an unreliable Chrome and an unreliable disk, all
// drawn from one seed. First chaos, then peace: whatever happened, nobody ever
// holds what is another's, and in the end everybody is served.

#pragma once

#include "scenarios/faults.hpp"
#include "scenarios/promise.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace berth::scenarios {

/// Who serves.
enum class model : uint8_t {
  berth, ///< The real actors.
  naive, ///< Nobody: clients act for themselves, and break promises.
};

struct swarm_options {
  model who = model::berth;
  size_t seeds = 100;
  uint64_t first = 1;   ///< The first seed; a single one replays a run.
  bool journal = false; ///< Print the journal of what failed.
  bool rate = false;    ///< Print how fast it was.
  size_t lines = 25;    ///< To print of what happened before a complaint.
  size_t jobs = 1;      ///< Processes that share the seeds.
  std::optional<duration> chaos; ///< How long it lasts; none: drawn.
  /// Which faults strike; none: each seed draws about half of them.
  std::optional<std::vector<fault>> faults;
};

/// What a run comes to.
struct run_report {
  std::string complaint;                 ///< Empty: a clean run.
  std::map<promise, std::string> broken; ///< With the first complaint of each.
  size_t messages = 0;
  uint64_t hash = 0;
  size_t conversations = 0; ///< That were opened.
  size_t turns = 0;         ///< Prompts that the site took.
  duration agent_time{};    ///< Virtual time, times the number of agents.
  std::string story;        ///< What to show beside the complaint.
};

/// Plays one seed: Berth until the first complaint, the naive model to its end.
/// The journal is in `story` if it is wanted and the run
/// failed.
run_report play(const swarm_options& how, uint64_t seed, transcript& tale);

/// Plays the seeds, every tenth one twice. Says `seed N: complaint` and what
/// happened before, or at the end how many were clean. True if all were.
bool run_swarm(const swarm_options& options);

} // namespace berth::scenarios

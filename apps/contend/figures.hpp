// What a contention run is judged by.

#pragma once

#include "apps/contend/chronicle.hpp"

namespace berth::apps::contend {

/// Of one kind of reclaim.
struct reclaim_figures {
  fault what{};
  bool by_cli = false;
  size_t count = 0;
  duration p50{}, p99{}, max{};
};

struct figures {
  uint64_t commands = 0;
  uint64_t turns = 0; ///< Leases that agents had.
  uint64_t wrong = 0;
  uint64_t refusals = 0;
  uint64_t tabs_lost = 0;
  uint64_t recoveries = 0;
  uint64_t unexplained = 0;
  uint64_t orphans = 0;
  std::vector<reclaim_figures> reclaims; ///< Only kinds that there are.
  double jain = 1;                       ///< Of the seats' turns.
  size_t tabs_most = 0;
  size_t agents_started = 0;
  size_t agents_ended = 0;  ///< When they were told to.
  size_t agents_killed = 0; ///< By us.
  size_t daemons_killed = 0;
  struct fault_count {
    fault what{};
    size_t struck = 0;
    size_t seen = 0; ///< Those whose effect was seen.
    size_t moot = 0; ///< Those that could not have one any more.
  };
  std::vector<fault_count> faults; ///< Those that were asked for.
};

figures count(const run_result& run);

/// 1 if all have the same share, 1/n if one has it all; 1 if none has any.
double jain_index(const std::vector<uint64_t>& shares);

/// The smallest that p of them do not exceed; zero of none.
duration quantile(std::vector<duration> all, double p);

/// One promise, and whether this run kept it.
struct finding {
  std::string name;
  bool kept = false;
  std::string what;
};

std::vector<finding> judge(const run_result& run);

bool all_kept(const std::vector<finding>& x);

/// For people: "killed, by library".
std::string name_of(const reclaim_figures& x);

/// For people: "ended", "killed", "exit status 134".
std::string fate_of(const agent_record& x);

} // namespace berth::apps::contend

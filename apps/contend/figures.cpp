#include "apps/contend/figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <set>

namespace berth::apps::contend {

namespace {

constexpr int by_sigkill = 128 + 9;

/// Of turns. Below so many for each seat it is chance that decides.
constexpr double jain_min = 0.95;
constexpr uint64_t turns_to_judge = 10;

bool ended_well(const agent_record& x) {
  return x.exit == 0;
}

bool ended_by_us(const agent_record& x) {
  return x.killed && x.exit == by_sigkill;
}

std::vector<reclaim_figures> measure(const std::vector<reclaim>& all) {
  std::vector<reclaim_figures> result;
  for (auto what : all_faults)
    for (auto by_cli : {false, true}) {
      std::vector<duration> times;
      for (auto& x : all)
        if (x.what == what && x.by_cli == by_cli)
          times.push_back(x.took);
      if (!times.empty())
        result.push_back({what, by_cli, times.size(), quantile(times, 0.5),
                          quantile(times, 0.99), quantile(times, 1)});
    }
  return result;
}

double fairness(const std::vector<agent_record>& agents) {
  std::map<size_t, uint64_t> seats;
  for (auto& x : agents)
    seats[x.seat] += x.turns;
  std::vector<uint64_t> shares;
  for (auto& [seat, turns] : seats)
    shares.push_back(turns);
  return jain_index(shares);
}

std::string number(uint64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

finding judge(const talk_figures& x) {
  return {"conversations", x.turns > 0 && x.lost + x.wrong + x.doubled == 0,
          std::to_string(x.lost) + " of "
            + number(x.sessions, "conversation", "conversations") + " lost, "
            + number(x.wrong, "wrong answer", "wrong answers") + " and "
            + number(x.doubled, "doubled prompt", "doubled prompts") + " in "
            + number(x.turns, "turn", "turns")};
}

size_t seats_of(const std::vector<agent_record>& agents) {
  std::set<size_t> result;
  for (auto& x : agents)
    result.insert(x.seat);
  return result.size();
}

finding judge_fairness(const figures& n, size_t seats) {
  char index[32];
  std::snprintf(index, sizeof index, "%.3f", n.jain);
  auto what = std::string{"Jain index "} + index + " of "
              + number(n.turns, "turn", "turns");
  bool enough = n.turns >= turns_to_judge * seats;
  return {"fair turns", !enough || n.jain > jain_min,
          enough ? what : what + ", too few to judge"};
}

/// It struck, and each time something came of it. Daemons that are killed often
/// may never see that somebody was stopped.
finding judge(const figures::fault_count& x) {
  auto what = std::string{title_of(x.what)} + ": struck "
              + number(x.struck, "time", "times") + ", seen "
              + number(x.seen, "time", "times");
  if (x.moot > 0)
    what += ", too late " + number(x.moot, "time", "times");
  return {std::string{"fault "} + flag_of(x.what),
          (x.seen > 0 || (x.what == fault::stop_agent && x.moot > 0))
            && x.seen + x.moot == x.struck,
          what};
}

} // namespace

double jain_index(const std::vector<uint64_t>& shares) {
  double sum = 0, squares = 0;
  for (auto x : shares) {
    auto share = static_cast<double>(x);
    sum += share;
    squares += share * share;
  }
  if (squares == 0)
    return 1;
  return sum * sum / (static_cast<double>(shares.size()) * squares);
}

duration quantile(std::vector<duration> all, double p) {
  if (all.empty())
    return {};
  std::ranges::sort(all);
  auto rank = std::ceil(p * static_cast<double>(all.size()));
  auto last = static_cast<double>(all.size());
  return all[static_cast<size_t>(std::clamp(rank, 1.0, last)) - 1];
}

figures count(const run_result& run) {
  auto& [asked, what, left, talks] = run;
  figures result;
  for (auto& x : what.agents) {
    result.turns += x.turns;
    result.commands += x.commands;
    result.wrong += x.wrong;
    result.refusals += x.refusals;
    result.agents_ended += ended_well(x);
    result.agents_killed += ended_by_us(x);
  }
  result.tabs_lost = what.tabs_lost;
  result.recoveries = what.recoveries;
  result.unexplained = what.unexplained.size();
  result.orphans = left.orphans();
  result.reclaims = measure(what.reclaims);
  result.jain = fairness(what.agents);
  result.tabs_most = what.tabs_most;
  result.agents_started = what.agents.size();
  result.daemons_killed = static_cast<size_t>(
    std::ranges::count(what.strikes, fault::kill_daemon, &strike_record::what));
  auto kinds = asked.faults;
  for (auto& [kind, every] : asked.paced)
    kinds.push_back(kind);
  for (auto kind : kinds) {
    figures::fault_count n{kind, 0, 0, 0};
    for (auto& x : what.strikes)
      if (x.what == kind) {
        ++n.struck;
        n.seen += x.seen.has_value();
        n.moot += x.moot && !x.seen;
      }
    result.faults.push_back(n);
  }
  return result;
}

std::vector<finding> judge(const run_result& run) {
  auto& [asked, what, left, talks] = run;
  auto n = count(run);
  std::vector<finding> result{
    {"own answers", n.commands > 0 && n.wrong == 0,
     number(n.wrong, "wrong answer", "wrong answers") + " to "
       + number(n.commands, "command", "commands")},
    {"no orphans", n.orphans == 0,
     number(left.leases, "lease", "leases") + ", "
       + number(left.tabs, "tab", "tabs") + ", "
       + number(left.tickets, "ticket", "tickets") + " and "
       + number(left.chromiums, "process", "processes")
       + " of Chromium are left"},
    {"cap", n.tabs_most <= asked.tabs,
     "at most " + number(n.tabs_most, "tab", "tabs") + " at once, of "
       + std::to_string(asked.tabs)},
    judge_fairness(n, seats_of(what.agents)),
    {"known fates", n.agents_ended + n.agents_killed == n.agents_started,
     std::to_string(n.agents_started)
       + " agents: " + std::to_string(n.agents_ended) + " ended when told to, "
       + std::to_string(n.agents_killed) + " were killed"},
    {"explained failures", n.unexplained == 0,
     number(n.unexplained, "failure", "failures") + " without a fault"},
    {"all was heard", what.events_missed == 0,
     number(what.events_missed, "event was", "events were") + " missed"},
    {"daemon", left.daemon_exit == 0,
     "ended with status " + std::to_string(left.daemon_exit)},
    {"crews", what.crews == 1 + n.daemons_killed,
     number(what.crews, "crew", "crews") + " in "
       + number(1 + n.daemons_killed, "daemon", "daemons")},
  };
  if (asked.talks > 0)
    result.push_back(judge(talks));
  for (auto& x : n.faults)
    result.push_back(judge(x));
  return result;
}

bool all_kept(const std::vector<finding>& x) {
  return std::ranges::all_of(x, &finding::kept);
}

std::string name_of(const reclaim_figures& x) {
  return std::string{title_of(x.what)}
         + (x.by_cli ? ", command line" : ", library");
}

std::string fate_of(const agent_record& x) {
  if (!x.exit)
    return "not ended";
  return ended_well(x)    ? "ended"
         : ended_by_us(x) ? "killed"
                          : "exit status " + std::to_string(*x.exit);
}

} // namespace berth::apps::contend

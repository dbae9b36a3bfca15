// What happened in a contention run, as data: the tally writes it, the
// reports read it. Instants are counted from the run's first event.

#pragma once

#include "apps/contend/plan.hpp"
#include "protocol/failure.hpp"

#include <map>
#include <string>

namespace berth::apps::contend {

/// One process that was an agent.
struct agent_record {
  std::string name;
  size_t seat = 0;     ///< Whoever comes in a dead one's place has its seat.
  bool by_cli = false; ///< By the command line; else by the client library.
  duration from{};
  std::optional<duration> to;
  std::optional<int> exit; ///< A signal is 128 plus its number.
  bool killed = false;     ///< By us: it was meant to end by SIGKILL.
  bool stopped = false;    ///< It was stopped once; its leases may be over.
  uint64_t turns = 0;
  uint64_t commands = 0;
  uint64_t refusals = 0;
  uint64_t wrong = 0;
};

/// One lease, from its grant until its slot was free again.
struct holding {
  protocol::lease_id lease;
  protocol::slot_id slot;
  protocol::target_id target;
  std::optional<size_t> agent; ///< Nobody, if none of ours has told.
  bool talk = false;           ///< A conversation's.
  size_t lane = 0;             ///< As many as there are slots at once.
  duration from{};
  std::optional<duration> ended;
  std::optional<duration> to;
  std::string reason; ///< Why it ended.
  struct outage {
    duration from{};
    std::optional<duration> to;
  };
  std::vector<outage> outages;  ///< Its tab was lost, until it was recovered.
  std::optional<size_t> strike; ///< What took its holder away.
};

struct strike_record {
  fault what{};
  duration at{};
  std::string whom;
  protocol::target_id target;   ///< crash_page: whose tab.
  std::optional<duration> seen; ///< When its effect was.
  bool moot = false; ///< Its tab was given back, or its daemon gone, by then.
};

/// How long a slot was lost to everybody, from the strike on.
struct reclaim {
  fault what{};
  bool by_cli = false;
  duration took{};
};

struct queue_step {
  duration at{};
  size_t waiting = 0;
};

/// An answer that was not the agent's own.
struct mistake_record {
  std::string agent;
  std::string expected;
  std::string got;
};

/// Of all conversations together.
struct talk_figures {
  uint64_t sessions = 0; ///< Opened.
  uint64_t lost = 0;     ///< Of those, no longer known though nobody closed it.
  uint64_t turns = 0;    ///< Answered: whole, and to their own prompt.
  uint64_t wrong = 0;
  uint64_t unsent = 0;  ///< Prompts that never reached a daemon.
  uint64_t doubled = 0; ///< Prompts that the site took more than once.
  std::map<protocol::errc, uint64_t> failures;
};

struct chronicle {
  std::vector<agent_record> agents;
  std::vector<holding> holdings;
  std::vector<strike_record> strikes;
  std::vector<reclaim> reclaims;
  std::vector<queue_step> queue;
  std::vector<mistake_record> mistakes;
  std::map<protocol::errc, uint64_t> failures; ///< Typed ones, refusals too.
  std::vector<std::string> unexplained;        ///< Failures without a fault.
  uint64_t tabs_lost = 0;
  uint64_t recoveries = 0;
  size_t tabs_most = 0;       ///< Leased at once.
  uint64_t events_missed = 0; ///< The figures are not complete.
  uint64_t crews = 0;         ///< Epochs.
  duration last{};            ///< When the last event was.
};

/// What was asked for.
struct run_options {
  size_t agents = 16;
  size_t talks = 0; ///< Conversations besides, which want tabs as well.
  size_t tabs = 5;
  duration length = std::chrono::minutes{1};
  duration every = std::chrono::seconds{5};
  uint64_t seed = 1;
  std::vector<fault> faults{usual_faults.begin(), usual_faults.end()};
  std::map<fault, duration> paced; ///< These strike about so often, besides.
  duration hold = std::chrono::seconds{1};
};

/// What was left when all agents had ended.
struct remains {
  uint64_t leases = 0;
  uint64_t tabs = 0;
  uint64_t tickets = 0;
  uint64_t chromiums = 0; ///< Processes, after the daemon had ended.
  int daemon_exit = -1;

  uint64_t orphans() const {
    return leases + tabs + tickets + chromiums;
  }
};

/// All that is known of a run that was played to its end.
struct run_result {
  run_options asked;
  chronicle what;
  remains left;
  talk_figures talks;
};

} // namespace berth::apps::contend

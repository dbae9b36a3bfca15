// berth bench: what Berth costs, beside a plain CDP client on the same Chrome
// in the same run. Read the ratios; absolute times are this machine's, today.

#include "actors/keys.hpp"
#include "actors/remote/connection.hpp"
#include "apps/bench.hpp"
#include "apps/bench_daemon.hpp"
#include "apps/bench_journal.hpp"
#include "apps/context.hpp"
#include "apps/print.hpp"
#include "apps/scratch_dir.hpp"
#include "cdp/transport/profile.hpp"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <thread>

namespace berth::apps {

namespace {

using namespace protocol;
using namespace std::chrono_literals;

constexpr size_t calls = 3000;
constexpr size_t tabs_at_once = 16;

void show(const context& how, const nlohmann::json& x) {
  if (how.json)
    print_line(x);
  else
    for (auto& [name, value] : x.items())
      std::printf("  %-42s %s\n", name.c_str(), value.dump().c_str());
}

/// Resident memory of a process, in MiB.
double resident(int64_t pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string word; in >> word;)
    if (word == "VmRSS:") {
      double kib = 0;
      in >> kib;
      return kib / 1024;
    }
  return 0;
}

int bench_commands(const context& how) {
  auto dir = scratch_dir::make();
  if (!dir)
    return report(how, dir.error());
  bench_daemon daemon{dir->path(),
                      {{"admission.per_key", "16"},
                       {"admission.global", "16"},
                       // For the plain client.
                       {"browser.flags", "--remote-debugging-port=0"}}};
  client::settings where;
  where.port = daemon.port();
  where.operator_key = actors::operator_key_path(dir->path());
  auto me = client::connection::open(where);
  if (!me)
    return report(how, me.error());
  auto tab = me->acquire();
  if (!tab)
    return report(how, tab.error());
  auto address = cdp::debugging_address(dir->path() + "/profile");
  if (!address)
    return report(how, fail(errc::unreachable, "Chrome has opened no port."));
  // In turns, so that what else the machine does falls on both.
  latencies bare, ours, way;
  for (int round = 0; round < 3; ++round) {
    bare.add(time_plain_calls(*address, calls));
    ours.add(time_berth_calls(daemon.port(), tab->lease(), calls));
    way.add(time_renewals(daemon.port(), tab->lease(), calls));
  }
  auto idle = resident(daemon.pid());
  std::vector<client::tab> tabs;
  while (tabs.size() + 1 < tabs_at_once) {
    auto one = me->acquire();
    if (!one)
      return report(how, one.error());
    tabs.push_back(std::move(*one));
  }
  std::vector<std::thread> drivers;
  for (auto& x : tabs)
    drivers.emplace_back([&x] {
      for (int i = 0; i < 200; ++i)
        std::ignore = x.evaluate("document.title");
    });
  for (auto& x : drivers)
    x.join();
  show(how,
       {{"evaluate, plain CDP client, p50 us", bare.at(0.5)},
        {"evaluate, plain CDP client, p99 us", bare.at(0.99)},
        {"evaluate, Berth over CAF, p50 us", ours.at(0.5)},
        {"evaluate, Berth over CAF, p99 us", ours.at(0.99)},
        {"renewal over CAF, no Chrome, p50 us", way.at(0.5)},
        {"Berth adds at p50, us", ours.at(0.5) - bare.at(0.5)},
        {"ratio at p50", ours.at(0.5) / bare.at(0.5)},
        {"daemon's memory with 1 tab, MiB", idle},
        {"daemon's memory with 16 driven tabs, MiB", resident(daemon.pid())}});
  return done;
}

int bench_sessions(const context& how) {
  for (size_t agents : {1, 3, 5, 8}) {
    auto result = count_turns(agents, 30s);
    if (!result)
      return report(how, result.error());
    auto thinking = std::chrono::duration<double>(turn_thinking).count();
    show(how, {{"agents", agents},
               {"turns per minute", result->per_minute},
               {"turns per minute if only thinking took time",
                60 / thinking * static_cast<double>(std::min(agents, 5ul))},
               {"a turn, p50 ms", result->each.at(0.5) / 1000},
               {"a turn, p99 ms", result->each.at(0.99) / 1000},
               {"agents that got no turn", result->without},
               {"wrong or failed turns", result->wrong}});
  }
  return done;
}

int bench_leases(const context& how) {
  auto result = count_leases(8, 5s);
  if (!result)
    return report(how, result.error());
  auto& [leases, renewals] = *result;
  show(how, {{"clients", 8},
             {"grant + release per second (no Chrome)", leases.per_second},
             {"grant + release, p50 us", leases.each.at(0.5)},
             {"grant + release, p99 us", leases.each.at(0.99)},
             {"renewals per second", renewals.per_second},
             {"renewal, p50 us", renewals.each.at(0.5)}});
  return done;
}

/// Each figure of one rate, under its name.
void add(nlohmann::json& to, const std::string& name, const rate& x) {
  to[name + ", per second"] = x.per_second;
  to[name + ", p50 us"] = x.each.at(0.5);
  to[name + ", p99 us"] = x.each.at(0.99);
}

/// So many clients, in turns with what they are measured beside.
outcome<nlohmann::json>
measure_grants(const std::string& dir, size_t clients, bool full) {
  constexpr auto time = 3s;
  // First, while this process has one thread only.
  auto beside = time_json_store(dir, clients, full, time);
  auto plain = time_plain_commits(dir, full, time);
  journal::store_options where;
  where.path = dir + "/journal.db";
  where.limits.keep = full ? durability::full : durability::normal;
  auto file = journal::store::open(where);
  for (const auto& why :
       {beside ? failure{} : beside.error(), plain ? failure{} : plain.error(),
        file ? failure{} : file.error()})
    if (why.code != errc::ok)
      return why;
  auto ours = count_leases(clients, time, *file);
  auto memory = ours ? count_leases(clients, time) : ours;
  if (!memory)
    return memory.error();
  nlohmann::json result{{"clients", clients}};
  add(result, "grant + release, journal", ours->leases);
  add(result, "grant + release, memory only", memory->leases);
  add(result, "grant + release, locked JSON file", *beside);
  add(result, "plain SQLite commit", *plain);
  result["journal beside JSON file, rate"]
    = ours->leases.per_second / beside->per_second;
  result["journal beside JSON file, p99"]
    = ours->leases.each.at(0.99) / beside->each.at(0.99);
  result["journal beside memory, rate"]
    = ours->leases.per_second / memory->leases.per_second;
  return result;
}

int bench_journal(const context& how, bool full) {
  for (size_t clients : {1u, 8u, 32u}) {
    auto dir = scratch_dir::make();
    if (!dir)
      return report(how, dir.error());
    auto seen = measure_grants(dir->path(), clients, full);
    if (!seen)
      return report(how, seen.error());
    show(how, *seen);
  }
  auto dir = scratch_dir::make();
  for (size_t past : {100u, 100000u}) {
    auto took = dir ? time_start(dir->path(), past) : dir.error();
    if (!took)
      return report(how, took.error());
    show(how, {{"past sessions", past}, {"start of the journal, us", *took}});
  }
  return done;
}

} // namespace

void add_bench(CLI::App& program, context& how) {
  auto bench = program.add_subcommand("bench", "Measure what Berth costs");
  bench->require_subcommand(1);
  bench
    ->add_subcommand("commands",
                     "Tab commands beside a plain CDP client, and memory")
    ->callback([&how] {
      how.run = [&how] {
        return bench_commands(how);
      };
    });
  bench
    ->add_subcommand("sessions",
                     "Turns of conversations with a site that thinks 1.5 s")
    ->callback([&how] {
      how.run = [&how] {
        return bench_sessions(how);
      };
    });
  bench
    ->add_subcommand("leases",
                     "Grants and releases, with a Chrome that takes no time")
    ->callback([&how] {
      how.run = [&how] {
        return bench_leases(how);
      };
    });
  auto full = std::make_shared<bool>(false);
  auto journal = bench->add_subcommand(
    "journal", "Durable grants beside plain SQLite and a locked JSON file");
  journal->add_flag("--full", *full, "Durable in a power failure, too");
  journal->callback([&how, full] {
    how.run = [&how, full] {
      return bench_journal(how, *full);
    };
  });
}

} // namespace berth::apps

#include "apps/contend/live_view.hpp"

#include "apps/print.hpp"

#include <algorithm>

namespace berth::apps::contend {

using namespace protocol;

namespace {

bool is_silent(const chronicle& x, const agent_record& who) {
  // The last strike at it, if it was not seen: the daemon has yet to notice.
  return std::ranges::any_of(x.strikes, [&](const strike_record& y) {
    return y.what == fault::stop_agent && y.whom == who.name && !y.seen;
  });
}

std::string state_of(const tally& now, const agent_record& who) {
  auto held = now.held_by(who.name);
  auto stopped = is_silent(now.so_far(), who) ? "stopped, " : "";
  if (!held)
    return stopped
           + std::string{now.waits(who.name) ? "waits in the queue" : "asks"};
  auto lost = !held->outages.empty() && !held->outages.back().to;
  auto tab = " tab " + held->target.value.substr(0, 8);
  return stopped + ("lease " + std::to_string(held->lease.value) + ",")
         + (lost           ? " has lost its"
            : held->target ? ""
                           : " opens its")
         + (held->target ? tab : " tab");
}

} // namespace

std::string
live_view(const tally& now, const run_options& asked, duration since_start) {
  auto& all = now.so_far();
  auto tenth = std::chrono::milliseconds{100};
  std::vector<std::vector<std::string>> rows{
    {"AGENT", "BY", "TURNS", "COMMANDS", "WRONG", "STATE"}};
  for (auto& x : all.agents)
    if (!x.exit)
      rows.push_back({x.name, x.by_cli ? "cli" : "library",
                      std::to_string(x.turns), std::to_string(x.commands),
                      std::to_string(x.wrong), state_of(now, x)});
  uint64_t commands = 0, wrong = 0;
  for (auto& x : all.agents) {
    commands += x.commands;
    wrong += x.wrong;
  }
  return to_string(duration{since_start / tenth * tenth}) + " of "
         + to_string(asked.length) + ": " + std::to_string(commands)
         + " commands, " + std::to_string(wrong) + " wrong, "
         + std::to_string(now.tabs()) + " of " + std::to_string(asked.tabs)
         + " tabs, " + std::to_string(now.waiting()) + " wait, "
         + std::to_string(all.strikes.size()) + " faults, "
         + std::to_string(all.recoveries) + " recoveries\n\n" + to_table(rows);
}

} // namespace berth::apps::contend

#include "apps/contend/contention.hpp"

#include "apps/contend/page_crash.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace berth::apps::contend {

using namespace protocol;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto glance = 50ms;
constexpr duration agents_end_within = 40s;
constexpr duration daemon_ends_within = 20s;
constexpr duration chromiums_end_within = 5s;

/// Long enough to be noticed.
constexpr duration stop_time = own_daemon::silence_max + 2s;

/// In lengths of a run.
constexpr int overtime_max = 3;

/// A killed command line's lease ends by itself; its tab is closed after that.
constexpr duration settled_within = crew::ttl + 20s;

plan_options plan_of(const run_options& how) {
  return {how.seed, how.length, how.every, stop_time, how.faults, how.paced};
}

/// By a signal, or by nobody reading on.
bool told_to_end(const signal_watch& stop) {
  return stop.wait(0ms) || std::ferror(stdout) != 0;
}

failure interrupted() {
  return fail(errc::stopping, "Interrupted.");
}

} // namespace

contention::contention(const run_options& how, audience who)
  : how_{how},
    audience_{std::move(who)},
    plan_{draw_plan(plan_of(how))},
    crew_{how_, books_, clock_} {
  // nop
}

outcome<run_result> contention::play(const signal_watch& stop) {
  auto site = fixture::service::start();
  if (!site)
    return site.error();
  site_.emplace(std::move(*site));
  if (auto up = daemon_.start(how_, site_->origin(), stop); !up)
    return up.error();
  talkers_.emplace(how_.talks, daemon_.port());
  if (auto chaos = make_chaos(stop); !chaos)
    return chaos.error();
  if (auto peace = make_peace(stop); !peace)
    return peace.error();
  if (unheard_)
    return *unheard_;
  left_.daemon_exit = daemon_.stop(daemon_ends_within);
  left_.chromiums = daemon_.chromiums(chromiums_end_within);
  return run_result{how_, books_.so_far(), left_, talkers_->count(*site_)};
}

outcome<void> contention::make_chaos(const signal_watch& stop) {
  crew_.fill();
  auto start = steady_clock::now();
  for (auto since = duration{0}; !is_over(since);
       since = steady_clock::now() - start) {
    if (told_to_end(stop))
      return interrupted();
    if (auto exit = daemon_.ended(0ms))
      return fail(errc::unreachable, "The daemon ended by itself with status "
                                       + std::to_string(*exit) + ".");
    repeat_what_was_late(since);
    if (auto struck = strike_those_due(since, stop); !struck)
      return struck;
    crew_.resume(steady_clock::now());
    hear(glance);
    audience_.look(books_, since);
  }
  return {};
}

/// On a machine so slow that faults found nobody in time it goes on for them,
/// and so that the last of them are noticed.
bool contention::is_over(duration since_start) const {
  if (since_start < how_.length)
    return false;
  auto all_struck = next_ == plan_.size();
  return since_start >= overtime_max * how_.length
         || (all_struck && steady_clock::now() >= calm_from_);
}

outcome<void> contention::make_peace(const signal_watch& stop) {
  crew_.dismiss();
  talkers_->dismiss();
  auto until = steady_clock::now() + agents_end_within;
  while (crew_.running() + talkers_->running() > 0
         && steady_clock::now() < until) {
    if (told_to_end(stop))
      return interrupted();
    hear(glance);
  }
  // Whoever does not end by itself has no known fate.
  crew_.kill_all();
  while (crew_.running() > 0)
    hear(glance);
  settle(stop);
  return {};
}

/// Until nothing is left, or nothing more will go.
void contention::settle(const signal_watch& stop) {
  auto until = steady_clock::now() + settled_within;
  do {
    hear(0ms);
    auto now = daemon_.status();
    if (!now)
      return;
    left_.leases = now->leases.size();
    left_.tabs = now->browsers[0].tabs;
    left_.tickets = now->tickets.size();
  } while (left_.orphans() > 0 && steady_clock::now() < until
           && !stop.wait(glance));
  hear(0ms);
}

void contention::hear(std::chrono::milliseconds most) {
  auto read = daemon_.take_events();
  unheard_ = read ? std::nullopt : std::optional{read.error()};
  for (auto& row : read ? *read : std::vector<audit_row>{}) {
    row.what.at = clock_.note(row.at);
    if (std::exchange(epoch_, row.epoch) != row.epoch)
      books_.begin_epoch(row.what.at);
    books_.hear(row.what);
    audience_.hear(row.what);
  }
  crew_.listen(most);
}

// -- faults -------------------------------------------------------------------

/// A tab may be given back while its page is told to crash.
void contention::repeat_what_was_late(duration since_start) {
  auto late = static_cast<size_t>(
    std::ranges::count_if(books_.so_far().strikes, [](const auto& x) {
      return x.what == fault::crash_page && x.moot && !x.seen;
    }));
  for (; repeated_ < late; ++repeated_)
    plan_.push_back({since_start, fault::crash_page, repeated_});
}

/// One that finds nobody to strike waits until it does.
outcome<void>
contention::strike_those_due(duration since_start, const signal_watch& stop) {
  while (next_ < plan_.size() && plan_[next_].at <= since_start) {
    auto struck = carry_out(plan_[next_], stop);
    if (!struck)
      return struck.error();
    if (!*struck)
      break;
    ++next_;
    calm_from_ = steady_clock::now() + stop_time;
  }
  return {};
}

outcome<bool> contention::carry_out(const strike& x, const signal_watch& stop) {
  switch (x.what) {
    case fault::kill_agent:
    case fault::stop_agent:
      return strike_agent(x);
    case fault::crash_page:
      return crash(x);
    case fault::kill_chromium:
      return kill_chromium();
    case fault::kill_daemon:
      return kill_daemon(stop);
  }
  return true;
}

bool contention::strike_agent(const strike& x) {
  auto kill = x.what == fault::kill_agent;
  auto whom = crew_.candidates(kill);
  if (whom.empty())
    return false;
  auto& name = whom[x.pick % whom.size()];
  auto now = steady_clock::now();
  books_.strike(x.what, name, {}, clock_.at(now));
  if (kill)
    crew_.kill(name);
  else
    crew_.stop(name, now + stop_time);
  return true;
}

bool contention::crash(const strike& x) {
  auto now = daemon_.status();
  if (!now || now->browsers[0].state != browser_health::ready)
    return false;
  std::vector<const lease_view*> bound;
  for (auto& lease : now->leases)
    if (lease.state == lease_state::bound)
      bound.push_back(&lease);
  if (bound.empty())
    return false;
  auto& victim = *bound[x.pick % bound.size()];
  auto address = daemon_.debugging_address();
  auto told = address ? crash_page(*address, victim.target) : std::nullopt;
  if (!told)
    return false;
  auto held = books_.find(victim.lease);
  auto whom = held && held->agent ? books_.so_far().agents[*held->agent].name
                                  : std::string{};
  books_.strike(fault::crash_page, whom, victim.target, clock_.at(*told));
  return true;
}

bool contention::kill_chromium() {
  auto killed = daemon_.kill_chromium();
  if (killed)
    books_.strike(fault::kill_chromium, {}, {}, clock_.at(*killed));
  return killed.has_value();
}

outcome<bool> contention::kill_daemon(const signal_watch& stop) {
  hear(0ms);
  books_.strike(fault::kill_daemon, {}, {}, clock_.at(steady_clock::now()));
  auto killed = daemon_.kill(stop);
  if (!killed)
    return killed.error();
  return true;
}

} // namespace berth::apps::contend

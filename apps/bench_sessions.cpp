#include "actors/remote/connection.hpp"
#include "apps/bench.hpp"
#include "apps/bench_daemon.hpp"
#include "apps/fixture/service.hpp"
#include "apps/scratch_dir.hpp"

#include <thread>
#include <vector>

namespace berth::apps {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

constexpr duration patience = 60s;

struct agent_turns {
  std::vector<double> times; ///< In microseconds.
  size_t wrong = 0;
};

/// Only turns that ended in time count.
agent_turns converse(uint16_t port, size_t number, clock::time_point until) {
  agent_turns result;
  client::settings where;
  where.port = port;
  where.name = "agent " + std::to_string(number);
  auto me = client::connection::open(where);
  if (!me)
    return result;
  auto session = me->open_session("fixture");
  if (!session)
    return result;
  for (size_t turn = 1; clock::now() < until; ++turn) {
    auto mark = std::to_string(number) + "." + std::to_string(turn);
    send_prompt what;
    what.session = session->session;
    what.what.text = "think " + std::to_string(turn_thinking / 1ms)
                     + "; say answer " + mark + " here";
    what.until = wait_until::done;
    what.wait = what.timeout = patience;
    auto start = clock::now();
    auto got = me->send(std::move(what));
    auto end = clock::now();
    if (!got || got->state != session_state::complete
        || got->answer.find("answer " + mark + " here") == std::string::npos)
      ++result.wrong;
    else if (end <= until)
      result.times.push_back(
        std::chrono::duration<double, std::micro>(end - start).count());
  }
  return result;
}

} // namespace

outcome<turn_rates> count_turns(size_t agents, duration time) {
  auto dir = scratch_dir::make();
  if (!dir)
    return dir.error();
  auto site = fixture::service::start();
  if (!site)
    return site.error();
  bench_daemon daemon{dir->path(),
                      {{"provider.origins", "fixture=" + site->origin()}}};
  if (daemon.port() == 0)
    return fail(errc::browser_unavailable, "The daemon did not start.");
  std::vector<agent_turns> all(agents);
  std::vector<std::thread> threads;
  for (auto until = clock::now() + time; threads.size() < agents;)
    threads.emplace_back([&, until, i = threads.size()] {
      all[i] = converse(daemon.port(), i, until);
    });
  for (auto& x : threads)
    x.join();
  turn_rates result;
  size_t count = 0;
  for (const auto& x : all) {
    count += x.times.size();
    result.each.add(x.times);
    result.without += x.times.empty();
    result.wrong += x.wrong;
  }
  result.per_minute = static_cast<double>(count)
                      / std::chrono::duration<double>(time).count() * 60;
  return result;
}

} // namespace berth::apps

#include "apps/contend/own_daemon.hpp"

#include "actors/keys.hpp"
#include "apps/children.hpp"
#include "apps/settings.hpp"
#include "cdp/read_json.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/profile.hpp"
#include "cdp/transport/real_chrome.hpp"

#include <csignal>
#include <cstdlib>
#include <thread>

namespace berth::apps::contend {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr duration start_within = 60s;
constexpr duration kill_after = 20s;
constexpr auto glance = 50ms;

void set(const char* option, const std::string& value) {
  ::setenv(variable_of(option).c_str(), value.c_str(), 1);
}

/// Faults are many and near each other: a budget of restarts would be spent.
void set_all(const run_options& how, const std::string& site,
             const std::string& dir) {
  ::unsetenv("BERTH_LEASE");
  // What a killed Chromium leaves among the temporary files goes, too.
  ::setenv("TMPDIR", dir.c_str(), 1);
  auto tabs = std::to_string(how.tabs);
  set("state_dir", dir);
  set("log_level", "error");
  set("door.host", "127.0.0.1");
  set("door.port", "0");
  set("door.heartbeat", to_string(own_daemon::heartbeat));
  set("door.silence_max", to_string(own_daemon::silence_max));
  set("browser.url", "");
  // Pages are crashed from outside of Berth.
  set("browser.flags", "--remote-debugging-port=0");
  set("provider.origins", "fixture=" + site);
  set("admission.per_key", tabs);
  set("admission.global", tabs);
  set("admission.tabs", std::to_string(2 * how.tabs));
  set("lease.return_within", to_string(own_daemon::return_within));
  set("restart.restarts_max", "1000");
  set("restart.backoff_max", "1s");
}

} // namespace

own_daemon::~own_daemon() {
  link_.reset();
  stop(kill_after);
  if (!exit_) {
    process_.signal(pid_, SIGKILL);
    ended(1s);
  }
  if (dir_)
    cdp::reap_orphan_chromes(dir_->path());
}

outcome<void> own_daemon::start(const run_options& how, const std::string& site,
                                const signal_watch& stop) {
  auto dir = scratch_dir::make();
  if (!dir)
    return dir.error();
  dir_.emplace(std::move(*dir));
  set_all(how, site, dir_->path());
  if (auto up = launch(stop); !up)
    return up;
  auto events = journal::audit_tail::open(dir_->path() + "/journal.db");
  if (!events)
    return events.error();
  events_.emplace(std::move(*events));
  return connect();
}

outcome<void> own_daemon::launch(const signal_watch& stop) {
  // The next one is where its clients look for the last one.
  pid_ = process_.start(
    {own_program(), "--json", "--port", std::to_string(port_), "serve"});
  auto until = std::chrono::steady_clock::now() + start_within;
  while (std::chrono::steady_clock::now() < until) {
    if (stop.wait(0ms))
      return fail(errc::stopping, "Interrupted.");
    for (auto& x : process_.listen(glance)) {
      auto said = cdp::read_object(x.line);
      if (cdp::is_true_in(said, "ready")) {
        port_ = static_cast<uint16_t>(cdp::number_in(said, "port"));
        return {};
      }
      if (x.ended) {
        exit_ = x.ended;
        return fail(errc::unreachable, "The daemon did not start.");
      }
    }
  }
  return fail(errc::unreachable, "The daemon did not start in time.");
}

outcome<void> own_daemon::connect() {
  client::settings where;
  where.port = port_;
  where.name = "contend";
  where.operator_key = actors::operator_key_path(dir_->path());
  where.heartbeat = heartbeat;
  where.silence_max = silence_max;
  auto made = client::connection::open(where);
  if (!made)
    return made.error();
  link_.emplace(std::move(*made));
  return {};
}

outcome<std::vector<audit_row>> own_daemon::take_events() {
  return events_->read();
}

std::optional<std::string> own_daemon::debugging_address() const {
  return cdp::debugging_address(dir_->path() + "/profile");
}

outcome<status> own_daemon::status() {
  return link_->status();
}

std::optional<int> own_daemon::ended(std::chrono::milliseconds within) {
  if (!exit_)
    for (auto& x : process_.listen(within))
      if (x.ended)
        exit_ = x.ended;
  return exit_;
}

std::optional<timestamp> own_daemon::kill_chromium() {
  auto now = status();
  if (!now || now->browsers[0].state != browser_health::ready)
    return std::nullopt;
  auto pid = static_cast<pid_t>(now->browsers[0].pid);
  if (pid <= 0 || cdp::started_with(pid, "BERTH_OWNER") != dir_->path())
    return std::nullopt;
  auto at = std::chrono::steady_clock::now();
  ::kill(pid, SIGKILL);
  return at;
}

outcome<void> own_daemon::kill(const signal_watch& stop) {
  process_.signal(pid_, SIGKILL);
  while (!ended(glance))
    if (stop.wait(0ms))
      return fail(errc::stopping, "Interrupted.");
  exit_.reset();
  return launch(stop);
}

int own_daemon::stop(duration patience) {
  link_.reset();
  if (pid_ > 0 && !exit_)
    process_.signal(pid_, SIGTERM);
  auto until = std::chrono::steady_clock::now() + patience;
  while (pid_ > 0 && std::chrono::steady_clock::now() < until)
    if (ended(glance))
      break;
  return exit_.value_or(-1);
}

uint64_t own_daemon::chromiums(duration within) const {
  auto until = std::chrono::steady_clock::now() + within;
  for (;;) {
    uint64_t result = 0;
    for (auto pid : cdp::all_processes())
      result += !cdp::identify(pid).empty()
                && cdp::started_with(pid, "BERTH_OWNER") == dir_->path();
    if (result == 0 || std::chrono::steady_clock::now() >= until)
      return result;
    std::this_thread::sleep_for(glance);
  }
}

} // namespace berth::apps::contend

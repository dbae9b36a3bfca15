// berth demo: eight agents, five tabs, one killed, one refused, the others in
// the queue, and a conversation whose tab crashes; everything real, and judged
// by what was observed.

#include "actors/keys.hpp"
#include "actors/runtime.hpp"
#include "apps/children.hpp"
#include "apps/context.hpp"
#include "apps/demo_talk.hpp"
#include "apps/print.hpp"
#include "apps/provider_files.hpp"
#include "apps/scratch_dir.hpp"
#include "apps/signals.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace berth::apps {

namespace {

using namespace protocol;
using namespace std::chrono_literals;

constexpr size_t agents_count = 8;
constexpr uint64_t tabs_cap = 5;
constexpr auto frame_time = 250ms;
constexpr auto time_max = 90s;

/// One agent's process, and what became of it.
struct agent {
  std::string name;
  pid_t pid = -1;
  std::string fate;
  bool had_a_tab = false;
};

/// What the daemon told, by the names of the agents.
class observer {
public:
  void hear(const event& x) {
    std::lock_guard guard{mutex_};
    if (x.kind == event_kind::client_joined)
      names_[x.client] = x.detail;
    if (x.kind == event_kind::ticket_issued)
      ++waited_;
    if (x.kind == event_kind::client_left && x.detail == killed_)
      left_at_ = x.at;
    if (x.kind == event_kind::lease_ended && names_[x.client] == killed_)
      slot_ = x.slot;
    if (x.kind == event_kind::slot_returned && slot_ && x.slot == *slot_
        && left_at_)
      reclaimed_ = x.at - *left_at_;
  }

  void expect_death_of(const std::string& name) {
    std::lock_guard guard{mutex_};
    killed_ = name;
  }

  std::optional<duration> reclaimed() const {
    std::lock_guard guard{mutex_};
    return reclaimed_;
  }

  size_t waited() const {
    std::lock_guard guard{mutex_};
    return waited_;
  }

private:
  mutable std::mutex mutex_;
  std::map<client_id, std::string> names_;
  std::string killed_;
  std::optional<duration> left_at_;
  std::optional<slot_id> slot_;
  std::optional<duration> reclaimed_;
  size_t waited_ = 0;
};

class demonstration {
public:
  demonstration(const context& how, const runtime& berth, const demo_talk& talk)
    : how_{how},
      port_{std::to_string(berth.port())},
      terminal_{::isatty(1) == 1},
      talk_{talk} {
    client::settings where;
    where.port = berth.port();
    where.operator_key = actors::operator_key_path(berth.state_dir());
    where.name = "audience";
    where.on_event = [this](const event& x) {
      observer_.hear(x);
    };
    auto made = client::connection::open(where);
    if (made)
      daemon_.emplace(std::move(*made));
  }

  int play(const signal_watch& stop) {
    if (!daemon_ || !daemon_->watch_all())
      return failed;
    for (size_t i = 1; i <= agents_count; ++i)
      start("agent-" + std::to_string(i), "30s");
    auto until = std::chrono::steady_clock::now() + time_max;
    while (!stop.wait(frame_time) && std::ferror(stdout) == 0) {
      look();
      act();
      collect();
      show();
      bool over
        = children_.running() == 0 && talk_.is_over() && now_.leases.empty();
      if (over || std::chrono::steady_clock::now() > until)
        return judge();
    }
    return failed;
  }

private:
  void start(const std::string& name, const char* wait) {
    auto pid = children_.start({own_program(), "--port", port_, "agent",
                                "--name", name, "--key", "demo", "--wait", wait,
                                "--hold", "4s"});
    agents_.push_back({name, pid, {}, false});
  }

  void look() {
    auto now = daemon_->status();
    if (!now)
      return;
    now_ = std::move(*now);
    most_tabs_ = std::max(most_tabs_, slots());
    most_waiting_ = std::max(most_waiting_, now_.tickets.size());
    for (auto& x : agents_)
      for (const auto& lease : now_.leases)
        x.had_a_tab |= lease.client_name == x.name;
  }

  /// Of the agents.
  uint64_t slots() const {
    auto mine = std::ranges::find(now_.keys, work_key{"demo"}, &key_view::key);
    return mine == now_.keys.end() ? 0 : mine->active;
  }

  /// Once all tabs are taken: one too many comes, and one holder dies.
  void act() {
    if (acted_ || slots() < tabs_cap || now_.tickets.empty())
      return;
    for (const auto& lease : now_.leases)
      if (lease.state != lease_state::bound)
        return;
    acted_ = true;
    ask_without_waiting();
    auto victim = std::ranges::find_if(agents_, [&](const agent& x) {
      return std::ranges::count(now_.leases, x.name, &lease_view::client_name);
    });
    if (victim == agents_.end())
      return;
    observer_.expect_death_of(victim->name);
    children_.kill(victim->pid);
    killed_ = victim->name;
  }

  void ask_without_waiting() {
    acquire what;
    what.key = {"demo"};
    auto got = daemon_->acquire(what);
    if (!got)
      refused_ = got.error();
  }

  void collect() {
    for (auto& x : agents_)
      if (x.fate.empty())
        if (auto code = children_.poll(x.pid); code >= 0)
          x.fate = code == done        ? "done"
                   : code == 137       ? "killed"
                   : code == try_later ? "refused"
                                       : "wrong";
  }

  std::string state_of(const agent& x) const {
    if (!x.fate.empty())
      return x.fate;
    for (const auto& lease : now_.leases)
      if (lease.client_name == x.name)
        return "lease " + std::to_string(lease.lease.value)
               + (lease.target ? "  tab " + lease.target.value.substr(0, 8)
                               : "  opening its tab");
    return x.had_a_tab ? "giving its tab back" : "waiting in the queue";
  }

  void show() {
    if (how_.json)
      return;
    std::vector<std::vector<std::string>> rows{{"AGENT", "STATE"}};
    for (const auto& x : agents_)
      rows.push_back({x.name, state_of(x)});
    rows.push_back({"conversation", talk_.state()});
    auto text = "tabs " + std::to_string(slots()) + " of "
                + std::to_string(tabs_cap) + ", waiting "
                + std::to_string(now_.tickets.size()) + "\n" + to_table(rows);
    if (text == shown_)
      return;
    if (terminal_ && !shown_.empty())
      std::printf("\x1b[%zdA\x1b[J", std::ranges::count(shown_, '\n'));
    std::printf("%s%s", text.c_str(), terminal_ ? "" : "\n");
    std::fflush(stdout);
    shown_ = text;
  }

  // -- the verdict ------------------------------------------------------------

  void promise(bool kept, const std::string& id, const std::string& what) {
    all_kept_ &= kept;
    if (how_.json)
      print_line({{"promise", id}, {"kept", kept}, {"what", what}});
    else
      std::printf("  %s  %-13s %s\n", kept ? "kept  " : "BROKEN", id.c_str(),
                  what.c_str());
  }

  int judge() {
    look();
    if (!how_.json)
      std::printf("\nPromises:\n");
    auto count = [&](const char* fate) {
      return static_cast<size_t>(
        std::ranges::count_if(agents_, [&](const agent& x) {
          return x.fate == fate;
        }));
    };
    auto back = observer_.reclaimed();
    promise(back && *back < 1s, "T4 crash",
            killed_ + " was killed; its tab was reclaimed "
              + (back ? "in " + to_string(*back) : std::string{"never"}));
    promise(most_tabs_ <= tabs_cap, "T5 cap",
            "at most " + std::to_string(most_tabs_) + " tabs at once for "
              + std::to_string(agents_count) + " agents");
    promise(refused_ && refused_->code == errc::capacity
              && refused_->retry_after > duration{0},
            "T5 refusal",
            refused_ ? "one too many was told to come back after "
                         + to_string(refused_->retry_after)
                     : "nobody was refused");
    promise(observer_.waited() > 0 && most_waiting_ > 0, "L6 queue",
            std::to_string(most_waiting_) + " waited at once, and were served");
    promise(count("done") + 1 == agents_count && count("killed") == 1,
            "L1 exclusive",
            std::to_string(count("done"))
              + " agents finished, each answer from its own page");
    promise(talk_.kept(), "T1 recovery", talk_.what());
    promise(now_.leases.empty() && now_.browsers[0].tabs == 0, "no orphans",
            std::to_string(now_.leases.size()) + " leases and "
              + std::to_string(now_.browsers[0].tabs) + " tabs are left");
    return all_kept_ ? done : failed;
  }

  const context& how_;
  std::string port_;
  bool terminal_;
  const demo_talk& talk_;
  observer observer_;
  std::optional<client::connection> daemon_;
  children children_;
  std::vector<agent> agents_;
  status now_;
  std::string shown_;
  std::string killed_;
  std::optional<failure> refused_;
  uint64_t most_tabs_ = 0;
  size_t most_waiting_ = 0;
  bool acted_ = false;
  bool all_kept_ = true;
};

/// A daemon of its own in a directory that is gone afterwards.
int run_demo(const context& how) {
  signal_watch stop;
  spdlog::set_level(spdlog::level::off);
  auto dir = scratch_dir::make();
  if (!dir)
    return report(how, dir.error());
  auto site = fixture::service::start();
  if (!site)
    return report(how, site.error());
  config with;
  with.provider.origins = {{"fixture", site->origin()}};
  with.state_dir = dir->path();
  with.door.port = 0;
  with.admission.per_key = tabs_cap;
  auto told_to_end = [&stop] {
    return stop.wait(0ms);
  };
  auto started = runtime::start(with, told_to_end,
                                profiles_of(load_providers(with.provider)));
  if (!started)
    return report(how, started.error()), int{failed};
  if (!how.json)
    std::printf("%zu agents want %llu tabs of %s.\n\n", agents_count,
                static_cast<unsigned long long>(tabs_cap),
                started->browser().c_str());
  demo_talk talk{started->port(), *site};
  auto result = demonstration{how, *started, talk}.play(stop);
  started->stop();
  return result;
}

} // namespace

void add_demo(CLI::App& program, context& how) {
  program
    .add_subcommand("demo", "Watch eight agents share five tabs of a Chrome")
    ->callback([&how] {
      how.run = [&how] {
        return run_demo(how);
      };
    });
}

} // namespace berth::apps

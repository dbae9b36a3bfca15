// berth contend: many real agents, a few tabs of a real Chromium, and real
// faults drawn from a seed.

#include "apps/contend/contention.hpp"
#include "apps/contend/live_view.hpp"
#include "apps/contend/report.hpp"
#include "apps/context.hpp"
#include "apps/print.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace berth::apps {

namespace {

using namespace protocol;
using namespace contend;
using namespace std::chrono_literals;

struct contend_arguments {
  size_t agents = 16;
  size_t tabs = 5;
  size_t talks = 0;
  double minutes = 1;
  std::string kill_every = "5s";
  std::string kill_daemon_every;
  std::string kill_chrome_every;
  std::string hold = "1s";
  std::vector<std::string> faults;
  uint64_t seed = 1;
  std::string junit;
  std::string html;
  std::string events;
};

/// None if one of them is none; `wrong` then says which.
std::optional<run_options>
asked(const contend_arguments& with, std::string& wrong) {
  run_options result;
  result.agents = with.agents;
  result.tabs = with.tabs;
  result.talks = with.talks;
  result.length = std::chrono::duration_cast<duration>(
    std::chrono::duration<double, std::ratio<60>>{with.minutes});
  result.seed = with.seed;
  auto read = [&](const std::string& text, duration& to) {
    auto time = parse_duration(text);
    if (!time)
      wrong = "'" + text + "' is not a time such as 5s.";
    to = time.value_or(duration{0});
  };
  read(with.kill_every, result.every);
  read(with.hold, result.hold);
  if (!with.kill_daemon_every.empty())
    read(with.kill_daemon_every, result.paced[fault::kill_daemon]);
  if (!with.kill_chrome_every.empty())
    read(with.kill_chrome_every, result.paced[fault::kill_chromium]);
  if (!wrong.empty())
    return std::nullopt;
  if (!with.faults.empty())
    result.faults.clear();
  for (auto& name : with.faults)
    if (auto x = parse_fault(name);
        x && std::ranges::count(result.faults, *x) == 0)
      result.faults.push_back(*x);
  if (result.every == duration{0})
    result.faults.clear();
  for (auto& [what, every] : result.paced)
    std::erase(result.faults, what);
  return result;
}

/// In place on a terminal, else now and then.
class display {
public:
  explicit display(const run_options& how) : how_{how} {
    // nop
  }

  void operator()(const tally& now, duration since_start) {
    if (since_start < next_)
      return;
    next_ = since_start + (terminal_ ? 250ms : 5s);
    auto text = live_view(now, how_, since_start) + "\n";
    if (terminal_ && lines_ > 0)
      std::printf("\x1b[%zdA\x1b[J", lines_);
    std::printf("%s", text.c_str());
    std::fflush(stdout);
    lines_ = std::ranges::count(text, '\n');
  }

private:
  run_options how_;
  bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
  duration next_{};
  ptrdiff_t lines_ = 0;
};

bool write(const std::string& file, const std::string& text) {
  if (file.empty())
    return true;
  std::ofstream out{file, std::ios::binary};
  out << text;
  out.close();
  return bool(out);
}

int run_contend(const context& how, const contend_arguments& with) {
  std::string wrong;
  auto what = asked(with, wrong);
  if (!what) {
    report(how, fail(errc::invalid_argument, wrong));
    return bad_usage;
  }
  signal_watch stop;
  std::ofstream events{with.events};
  contention::audience who;
  who.hear = [&events](const event& x) {
    events << to_json(x).dump() << '\n';
  };
  who.look = display{*what};
  if (how.json)
    who.look = [](const tally&, duration) {};
  auto played = contention{*what, who}.play(stop);
  if (!played && played.error().code == errc::stopping) {
    std::fprintf(stderr, "Interrupted.\n");
    return failed;
  }
  if (!played) {
    report(how, played.error());
    return failed;
  }
  if (how.json)
    print_line(json_report(*played));
  else
    std::printf("%s", text_report(*played).c_str());
  if (!write(with.junit, junit_report(*played))
      || !write(with.html, html_report(*played))) {
    report(how, fail(errc::invalid_argument, "A report cannot be written."));
    return failed;
  }
  return all_kept(judge(*played)) ? done : failed;
}

} // namespace

void add_contend(CLI::App& program, context& how) {
  auto with = std::make_shared<contend_arguments>();
  auto contending = program.add_subcommand(
    "contend", "Let agents contend for tabs of a real Chromium, with faults");
  contending->add_option("--agents", with->agents, "How many (default: 16)")
    ->check(CLI::Range(1, 200));
  contending->add_option("--tabs", with->tabs, "For all of them (default: 5)")
    ->check(CLI::Range(1, 100));
  contending
    ->add_option("--talks", with->talks,
                 "Conversations besides, with a site of its own (default: 0)")
    ->check(CLI::Range(0, 100));
  contending->add_option("--minutes", with->minutes, "How long (default: 1)")
    ->check(CLI::Range(0.1, 1440.0));
  contending->add_option("--kill-every", with->kill_every,
                         "How often a fault strikes (default: 5s; 0: never)");
  contending
    ->add_option("--faults", with->faults,
                 "Which: kill, stop, crash, chromium, daemon (default: all "
                 "but daemon)")
    ->delimiter(',')
    ->check(CLI::IsMember({"kill", "stop", "crash", "chromium", "daemon"}));
  contending->add_option("--kill-daemon-every", with->kill_daemon_every,
                         "How often the daemon is killed, and started again");
  contending->add_option("--kill-chrome-every", with->kill_chrome_every,
                         "How often Chromium is killed, whatever else strikes");
  contending->add_option("--hold", with->hold,
                         "How long an agent drives a tab (default: 1s)");
  contending->add_option("--seed", with->seed, "Draws the faults");
  contending->add_option("--junit", with->junit, "Write JUnit's XML there");
  contending->add_option("--html", with->html, "Write a page there");
  contending->add_option("--events", with->events,
                         "Write the daemon's events there, a JSON line each");
  contending->callback([&how, with] {
    how.run = [&how, with] {
      return run_contend(how, *with);
    };
  });
}

} // namespace berth::apps

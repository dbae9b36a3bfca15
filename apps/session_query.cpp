// berth session query, poll, watch: what waits, and may be told to stop.

#include "apps/link_news.hpp"
#include "apps/output.hpp"
#include "apps/print.hpp"
#include "apps/session_arguments.hpp"
#include "apps/signals.hpp"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace berth::apps {

using namespace protocol;

namespace {

using namespace std::chrono_literals;

/// How often Ctrl-C is looked for, and the progress told.
constexpr auto look_every = 500ms;

/// A run has a deadline of its own.
constexpr duration to_the_end = std::chrono::hours{24 * 365};

/// One line on a terminal that is written again and again; elsewhere nothing.
class progress_line {
public:
  ~progress_line() {
    clear();
  }

  void show(const run_view& x) {
    if (!terminal_)
      return;
    std::fprintf(stderr, "\r\033[K%s", to_text(x).c_str());
    std::fflush(stderr);
    shown_ = true;
  }

  void clear() {
    if (std::exchange(shown_, false))
      std::fprintf(stderr, "\r\033[K");
  }

private:
  bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  bool shown_ = false;
};

/// Follows a run until it is over, or `patience` is, or Ctrl-C was pressed
/// twice: the first one stops the run.
class follower {
public:
  follower(client::connection& daemon, const signal_watch& signals)
    : daemon_{daemon}, signals_{signals} {
    // nop
  }

  outcome<run_view> follow(run_view x, duration patience) {
    auto until = std::chrono::steady_clock::now() + patience;
    while (!is_final(x.state) && std::chrono::steady_clock::now() < until) {
      line_.show(x);
      if (signals_.wait(0ms)) {
        if (std::exchange(stopping_, true)) {
          left_ = true;
          break;
        }
        // A refusal tells that it is over already: the next look shows it.
        std::ignore = daemon_.stop({x.run, x.session});
      }
      auto next = daemon_.poll({{}, {}, x.run, look_every, x.session});
      if (!next)
        return next;
      x = std::move(*next);
    }
    line_.clear();
    return x;
  }

  /// Whether it was left while it went on.
  bool left() const {
    return left_;
  }

private:
  client::connection& daemon_;
  const signal_watch& signals_;
  progress_line line_;
  bool stopping_ = false;
  bool left_ = false;
};

int follow_and_show(const context& how, const session_arguments& with,
                    follower& eyes, const outcome<run_view>& from,
                    duration patience) {
  auto last = from ? eyes.follow(*from, patience) : from;
  if (!last)
    return report(how, last.error());
  auto code = show_run(how, with, *last);
  return eyes.left() ? int{interrupted} : code;
}

/// What the connection heard, for the thread that tells it.
class heard_events {
public:
  void add(const event& x) {
    std::lock_guard guard{mutex_};
    events_.push_back(x);
    changed_.notify_one();
  }

  std::optional<event> next(std::chrono::milliseconds within) {
    std::unique_lock guard{mutex_};
    if (!changed_.wait_for(guard, within, [&] {
          return !events_.empty();
        }))
      return std::nullopt;
    auto result = std::move(events_.front());
    events_.pop_front();
    return result;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<event> events_;
};

} // namespace

int query(const context& how, const session_arguments& with) {
  std::string wrong;
  auto what = read_prompt(with, wrong);
  if (!what)
    return misuse(how, wrong);
  signal_watch signals;
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    follower eyes{daemon, signals};
    return follow_and_show(how, with, eyes, daemon.send(*what), to_the_end);
  });
}

int poll(const context& how, const session_arguments& with) {
  auto wait = with.wait.empty() ? duration{0} : parse_duration(with.wait);
  if (!wait)
    return misuse(how, "'" + with.wait + "' is not a time such as 90s.");
  signal_watch signals;
  return with_daemon(how, "berth session", [&](client::connection& daemon) {
    follower eyes{daemon, signals};
    return follow_and_show(
      how, with, eyes, daemon.poll({{}, {}, {with.run}, {}, {with.session}}),
      *wait);
  });
}

int watch(const context& how, const session_arguments& with) {
  heard_events heard;
  signal_watch stop;
  auto job = [&](client::connection& daemon) {
    auto seen = daemon.watch({with.session});
    if (!seen)
      return report(how, seen.error());
    if (how.json)
      print_line(to_json(*seen));
    else
      std::printf("%s", to_text(*seen).c_str());
    link_news news{"berth session", daemon};
    while (!stop.wait(0ms)) {
      auto x = heard.next(look_every);
      news.look();
      if (!x || x->session != seen->session)
        continue;
      if (how.json)
        print_line(to_json(*x));
      else
        std::printf("%s", to_text(*x).c_str());
      std::fflush(stdout);
      if (output_is_lost())
        return report_lost_output("Nobody watches any more.");
      if (x->kind == event_kind::session_closed)
        break;
    }
    return int{done};
  };
  return with_daemon(how, "berth session", job, [&](const event& x) {
    heard.add(x);
  });
}

} // namespace berth::apps

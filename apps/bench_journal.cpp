#include "apps/bench_journal.hpp"

#include "protocol/session_journal.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::apps {

using namespace protocol;
using nlohmann::json;

namespace {

using clock = std::chrono::steady_clock;

double since(clock::time_point start) {
  return std::chrono::duration<double, std::micro>(clock::now() - start)
    .count();
}

rate to_rate(const std::vector<double>& times, duration time) {
  rate result;
  result.per_second = static_cast<double>(times.size())
                      / std::chrono::duration<double>(time).count();
  result.each.add(times);
  return result;
}

// -- the JSON file ------------------------------------------------------------

/// What the systems did that Berth replaces, but with a lock that holds.
class json_store {
public:
  json_store(const std::string& dir, bool full)
    : file_{dir + "/leases.json"}, lock_{dir + "/leases.lock"}, full_{full} {
    // nop
  }

  bool take(const std::string& who, size_t cap) {
    return change([&](json& leases) {
      if (leases.size() >= cap)
        return false;
      leases[who] = {{"key", "web"}, {"token", ++token_}, {"ttl", 60}};
      return true;
    });
  }

  bool give_back(const std::string& who) {
    return change([&](json& leases) {
      return leases.erase(who) == 1;
    });
  }

private:
  template <class Change>
  bool change(Change how) {
    int fd = ::open(lock_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::flock(fd, LOCK_EX) != 0)
      return false;
    std::ostringstream text;
    text << std::ifstream{file_}.rdbuf();
    auto leases = json::parse(text.str(), nullptr, false);
    if (!leases.is_object())
      leases = json::object();
    bool good = how(leases) && put_in_place(leases.dump());
    ::close(fd);
    return good;
  }

  bool put_in_place(const std::string& text) const {
    auto fresh = file_ + ".new";
    int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0)
      return false;
    bool good = ::write(fd, text.data(), text.size())
                == static_cast<ssize_t>(text.size());
    if (full_)
      good = ::fdatasync(fd) == 0 && good;
    ::close(fd);
    return good && ::rename(fresh.c_str(), file_.c_str()) == 0;
  }

  std::string file_;
  std::string lock_;
  bool full_;
  uint64_t token_ = 0;
};

/// Takes and gives back until the time is over, and tells how long each took.
[[noreturn]] void use_json_store(json_store store, size_t cap,
                                 clock::time_point until, int told) {
  auto who = "process " + std::to_string(::getpid());
  std::vector<double> times;
  while (clock::now() < until) {
    auto start = clock::now();
    if (store.take(who, cap) && store.give_back(who))
      times.push_back(since(start));
  }
  auto bytes = times.size() * sizeof(double);
  auto from = reinterpret_cast<const char*>(times.data());
  for (size_t at = 0; at < bytes;) {
    auto put = ::write(told, from + at, bytes - at);
    if (put <= 0)
      break;
    at += static_cast<size_t>(put);
  }
  ::_exit(0);
}

std::vector<double> read_times(int from) {
  std::vector<double> result;
  double one = 0;
  auto at = reinterpret_cast<char*>(&one);
  for (size_t filled = 0;;) {
    auto got = ::read(from, at + filled, sizeof one - filled);
    if (got <= 0)
      break;
    filled += static_cast<size_t>(got);
    if (filled == sizeof one) {
      result.push_back(one);
      filled = 0;
    }
  }
  return result;
}

// -- past sessions ------------------------------------------------------------

/// All that is told of a session which is used once.
journal_entry whole_life(session_id id) {
  constexpr timestamp at{std::chrono::hours{1}};
  journal_entry result{at, {}, {}};
  event opened;
  opened.kind = event_kind::session_opened;
  opened.session = id;
  opened.key = "chatgpt";
  result.what.push_back(opened);
  const run_id run{1};
  for (const session_event& x : std::initializer_list<session_event>{
         run_started{{run, 1}, "chatgpt", at + std::chrono::minutes{10}},
         run_confirmed{{run, 1}},
         run_settled{run, session_state::complete, errc::ok}, run_ended{run},
         session_ended{}})
    result.what.push_back(describe(id, x, at));
  return result;
}

} // namespace

outcome<rate>
time_plain_commits(const std::string& dir, bool full, duration time) {
  auto file
    = journal::database::open(dir + "/plain.db", journal::access::write);
  if (!file)
    return file.error();
  auto made = file->execute(
    std::string{"PRAGMA journal_mode = WAL; PRAGMA synchronous = "}
    + (full ? "FULL" : "NORMAL")
    + "; CREATE TABLE grants (id INTEGER PRIMARY KEY, key TEXT)");
  auto put = file->prepare("INSERT INTO grants (key) VALUES (?)");
  if (!made || !put)
    return made ? put.error() : made.error();
  std::vector<double> times;
  for (auto until = clock::now() + time; clock::now() < until;) {
    auto start = clock::now();
    if (auto done = put->run({std::string{"web"}}); !done)
      return done.error();
    times.push_back(since(start));
  }
  return to_rate(times, time);
}

outcome<rate> time_json_store(const std::string& dir, size_t processes,
                              bool full, duration time) {
  std::vector<int> told;
  std::vector<pid_t> all;
  auto until = clock::now() + time;
  for (size_t i = 0; i < processes; ++i) {
    int ends[2];
    if (::pipe(ends) != 0)
      return fail(errc::internal, "There is no pipe.");
    auto child = ::fork();
    if (child == 0)
      use_json_store(json_store{dir, full}, processes, until, ends[1]);
    ::close(ends[1]);
    if (child < 0)
      return fail(errc::internal, "There is no further process.");
    told.push_back(ends[0]);
    all.push_back(child);
  }
  std::vector<double> times;
  for (int from : told) {
    auto more = read_times(from);
    times.insert(times.end(), more.begin(), more.end());
    ::close(from);
  }
  for (auto child : all)
    ::waitpid(child, nullptr, 0);
  return to_rate(times, time);
}

outcome<double> time_start(const std::string& dir, size_t past_sessions) {
  journal::store_options how;
  how.path = dir + "/past-" + std::to_string(past_sessions) + ".db";
  {
    auto file = journal::store::open(how);
    if (!file)
      return file.error();
    auto begun = (*file)->begin_epoch(0, clock::now());
    if (!begun)
      return begun.error();
    std::vector<journal_entry> batch;
    for (size_t i = 1; i <= past_sessions; ++i) {
      batch.push_back(whole_life({i}));
      if (batch.size() < 100 && i < past_sessions)
        continue;
      if (auto done = (*file)->append(begun->epoch, batch); !done)
        return done.error();
      batch.clear();
    }
  }
  auto start = clock::now();
  auto file = journal::store::open(how);
  auto begun = file ? (*file)->begin_epoch(0, clock::now())
                    : outcome<succession>{file.error()};
  if (!begun)
    return begun.error();
  return since(start);
}

} // namespace berth::apps

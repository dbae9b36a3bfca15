#include "scenarios/jobs.hpp"

#include <cstdio>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace berth::scenarios {

namespace {

/// What a worker says of each seed: first that it begins, then its report,
/// with both texts behind it.
struct note {
  uint64_t seed = 0;
  bool is_over = false;
  size_t messages = 0;
  size_t conversations = 0;
  size_t turns = 0;
  int64_t agent_time = 0;
  size_t complaint_size = 0;
  size_t story_size = 0;
};

bool read_all(int from, void* into, size_t size) {
  auto at = static_cast<char*>(into);
  while (size > 0) {
    auto got = ::read(from, at, size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    at += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

void write_all(int to, const void* from, size_t size) {
  auto at = static_cast<const char*>(from);
  while (size > 0) {
    auto put = ::write(to, at, size);
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      ::_exit(EXIT_FAILURE); // Nobody listens any more.
    at += put;
    size -= static_cast<size_t>(put);
  }
}

/// Every so-many-th seed, from the first one up to the end.
struct share {
  uint64_t next = 0;
  uint64_t end = 0;
  uint64_t stride = 1;
};

using seed_player = std::function<run_report(uint64_t)>;

[[noreturn]] void work(share mine, const seed_player& player, int to) {
  for (; mine.next < mine.end; mine.next += mine.stride) {
    note begins;
    begins.seed = mine.next;
    write_all(to, &begins, sizeof begins);
    auto got = player(mine.next);
    note over{mine.next,
              true,
              got.messages,
              got.conversations,
              got.turns,
              got.agent_time.count(),
              got.complaint.size(),
              got.story.size()};
    write_all(to, &over, sizeof over);
    write_all(to, got.complaint.data(), got.complaint.size());
    write_all(to, got.story.data(), got.story.size());
  }
  ::_exit(EXIT_SUCCESS);
}

/// One process, and the one after it should it crash.
class worker {
public:
  worker(share mine, const seed_player& player) : mine_{mine}, player_{player} {
    start();
  }

  /// To be polled; negative once it has nothing more to say.
  int ear() const {
    return ear_;
  }

  /// The report that is ready, if the next note is one.
  std::optional<run_report> hear(uint64_t& seed) {
    note x;
    run_report result;
    bool whole = read_all(ear_, &x, sizeof x);
    if (whole && !x.is_over) {
      mine_.next = x.seed;
      return std::nullopt;
    }
    if (whole) {
      result.messages = x.messages;
      result.conversations = x.conversations;
      result.turns = x.turns;
      result.agent_time = duration{x.agent_time};
      result.complaint.resize(x.complaint_size);
      result.story.resize(x.story_size);
      whole = read_all(ear_, result.complaint.data(), x.complaint_size)
              && read_all(ear_, result.story.data(), x.story_size);
    }
    seed = mine_.next;
    if (whole) {
      mine_.next += mine_.stride;
      return result;
    }
    return bury();
  }

private:
  void start() {
    int ends[2];
    if (mine_.next >= mine_.end || ::pipe(ends) != 0)
      return;
    std::fflush(stdout);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      work(mine_, player_, ends[1]);
    }
    ::close(ends[1]);
    ear_ = ends[0];
  }

  /// Nothing if it had done its work; else a complaint, and a new process goes
  /// on with the next seed.
  std::optional<run_report> bury() {
    ::close(std::exchange(ear_, -1));
    int state = 0;
    ::waitpid(pid_, &state, 0);
    if (WIFEXITED(state) && WEXITSTATUS(state) == EXIT_SUCCESS)
      return std::nullopt;
    run_report result;
    result.complaint = "the process died"
                       + (WIFSIGNALED(state) ? std::string{" of: "}
                                                 + ::strsignal(WTERMSIG(state))
                                             : std::string{});
    mine_.next += mine_.stride;
    start();
    return result;
  }

  share mine_;
  const seed_player& player_;
  pid_t pid_ = -1;
  int ear_ = -1;
};

} // namespace

void play_in_jobs(
  const swarm_options& how, const seed_player& player,
  const std::function<void(uint64_t, const run_report&)>& told) {
  std::vector<worker> workers;
  for (size_t i = 0; i < how.jobs; ++i)
    workers.emplace_back(share{how.first + i, how.first + how.seeds, how.jobs},
                         player);
  std::vector<pollfd> ears(workers.size());
  for (;;) {
    size_t open = 0;
    for (size_t i = 0; i < workers.size(); ++i) {
      ears[i] = {workers[i].ear(), POLLIN, 0};
      open += ears[i].fd >= 0;
    }
    if (open == 0)
      return;
    ::poll(ears.data(), ears.size(), -1);
    for (size_t i = 0; i < workers.size(); ++i) {
      uint64_t seed = 0;
      if (ears[i].revents != 0)
        if (auto report = workers[i].hear(seed))
          told(seed, *report);
    }
  }
}

} // namespace berth::scenarios

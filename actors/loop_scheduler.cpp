#include "actors/loop_scheduler.hpp"

#include "actors/loop_clock.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/logger.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <algorithm>
#include <asio.hpp>
#include <chrono>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace berth::actors {

namespace {

using caf::resumable;

/// How long actors may go on before sockets are served again.
constexpr std::chrono::microseconds turn{200};
constexpr size_t messages_per_job = 8; ///< Of one; then it is others' turn.

constexpr std::chrono::seconds gap{1};

/// Whoever was held up heard nobody meanwhile, and knows nothing of who is
/// silent: all peers have their time anew. They may have been stopped, too, and
/// what they sent may lie unread. CAF looks at the clock before the sockets.
void forgive_silence(caf::actor_system& system) {
  using caf::io::basp_broker;
  if (!system.has_middleman())
    return;
  auto handle = system.middleman().named_broker<basp_broker>(caf::atom("BASP"));
  auto broker
    = static_cast<basp_broker*>(caf::actor_cast<caf::abstract_actor*>(handle));
  auto now = broker->clock().now();
  for (auto& entry : broker->ctx)
    entry.second.last_seen = now;
}

/// Invariant: while jobs wait, a turn is posted or under way; after `stop` no
/// job is kept and no turn runs.
class loop_scheduler : public caf::scheduler::abstract_coordinator {
public:
  loop_scheduler(caf::actor_system& system, std::shared_ptr<cdp::io_loop> loop,
                 std::function<void()> woken)
    : abstract_coordinator(system),
      loop_(std::move(loop)),
      woken_(std::move(woken)),
      context_(*static_cast<asio::io_context*>(loop_->context())),
      unit_(*this),
      clock_(context_, [&system] {
        forgive_silence(system);
      }) {
    // nop
  }

  void enqueue(resumable* job) override {
    if (!put(job))
      cleanup_and_release(job);
  }

  loop_clock& clock() noexcept override {
    return clock_;
  }

protected:
  void stop() override {
    stop_actors();
    // A turn may have been posted behind the first of these jobs, but none
    // behind the second: after that the loop knows nothing of us.
    auto done = std::make_shared<std::promise<void>>();
    asio::post(context_, [this, done] {
      clean_up();
      asio::post(context_, [done] {
        done->set_value();
      });
    });
    done->get_future().wait();
  }

private:
  /// What actors see of us while they run.
  class unit : public caf::execution_unit {
  public:
    explicit unit(loop_scheduler& parent)
      : execution_unit(&parent.system()), parent_(parent) {
      // nop
    }

    void exec_later(resumable* job) override {
      parent_.enqueue(job);
    }

  private:
    loop_scheduler& parent_;
  };

  /// Returns false after `stop`: then nobody will ever run it.
  bool put(resumable* job) {
    std::lock_guard<std::mutex> guard{mutex_};
    if (stopped_)
      return false;
    jobs_.push_back(job);
    if (!std::exchange(turn_posted_, true))
      post_turn();
    return true;
  }

  void post_turn() {
    asio::post(context_, [this] {
      take_turn();
    });
  }

  // -- on the loop's thread ---------------------------------------------------

  void take_turn() {
    auto now = std::chrono::steady_clock::now();
    for (auto until = now + turn; now < until;
         now = std::chrono::steady_clock::now()) {
      auto job = take_job();
      if (!job)
        return;
      note_time(now);
      run(job);
    }
    post_turn();
  }

  /// Returns nothing when the turn is over for want of jobs.
  resumable* take_job() {
    std::lock_guard<std::mutex> guard{mutex_};
    if (jobs_.empty()) {
      turn_posted_ = false;
      return nullptr;
    }
    auto result = jobs_.front();
    jobs_.pop_front();
    return result;
  }

  void note_time(std::chrono::steady_clock::time_point now) {
    if (now - std::exchange(last_run_, now) >= gap && woken_)
      woken_();
  }

  void run(resumable* job) {
    auto messages = std::min(max_throughput(), messages_per_job);
    switch (job->resume(&unit_, messages)) {
      case resumable::resume_later:
        enqueue(job);
        break;
      case resumable::done:
      case resumable::awaiting_message:
        caf::intrusive_ptr_release(job);
        break;
      case resumable::shutdown_execution_unit:
        break; // Only sent by CAF's own schedulers, to their own workers.
    }
  }

  void clean_up() {
    std::deque<resumable*> jobs;
    {
      std::lock_guard<std::mutex> guard{mutex_};
      stopped_ = true;
      jobs.swap(jobs_);
    }
    clock_.stop();
    for (auto job : jobs)
      cleanup_and_release(job);
    // Whoever spawned here left a reference to the system's logger with this
    // thread. The system's destructor waits for it, but the thread goes on.
    caf::logger::set_current_actor_system(nullptr);
  }

  std::shared_ptr<cdp::io_loop> loop_;
  std::function<void()> woken_;
  std::chrono::steady_clock::time_point last_run_;
  asio::io_context& context_;
  unit unit_;
  loop_clock clock_;

  std::mutex mutex_; ///< Guards what follows.
  std::deque<resumable*> jobs_;
  bool turn_posted_ = false;
  bool stopped_ = false;
};

} // namespace

void run_actors_on(caf::actor_system_config& config,
                   const std::shared_ptr<cdp::io_loop>& loop,
                   const std::function<void()>& woken) {
  config.module_factories.emplace_back(
    [=](caf::actor_system& system) -> caf::actor_system::module* {
      return new loop_scheduler(system, loop, woken);
    });
}

} // namespace berth::actors

#include "cdp/transport/real_chrome.hpp"

#include "cdp/transport/chrome_log.hpp"
#include "cdp/transport/chrome_process.hpp"
#include "cdp/transport/chrome_trial.hpp"
#include "cdp/transport/connected_chrome.hpp"
#include "cdp/transport/proc.hpp"
#include "cdp/transport/profile.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace berth::cdp {

namespace {

constexpr milliseconds poll_every{10};
/// How often the size of Chrome's log is looked at.
constexpr milliseconds log_every{250};
/// How long a Chrome that was let go may take to answer, and how much of that
/// its main thread wants a processor if it is slow.
constexpr milliseconds survivor_max{3000};
constexpr milliseconds effort_least{300};

/// How long the end of a process may come after that of its pipes.
constexpr milliseconds fall_max{500};
/// How long killed children may take to be gone.
constexpr milliseconds children_max{5000};

class real_managed_chrome : public connected_chrome {
public:
  real_managed_chrome(std::shared_ptr<io_loop> loop, launch_options how)
    : connected_chrome{std::move(loop)},
      how_{std::move(how)},
      log_timer_{*static_cast<asio::io_context*>(loop_->context())} {
    // nop
  }

  ~real_managed_chrome() override {
    if (process_)
      process_->kill();
  }

  /// As it was the last time. To look at all of its processes takes a while.
  uint64_t memory() const override {
    if (!measuring_->exchange(true))
      loop_->aside(
        [group = pid_t{group_}, memory = memory_, done = measuring_] {
          *memory = memory_of_group(group);
          *done = false;
        });
    return *memory_;
  }

  std::optional<std::chrono::nanoseconds> effort() const override {
    return effort_of(group_);
  }

  std::string set_profile_aside() override {
    return how_.own_profile && how_.ours() ? move_aside(how_.profile) : "";
  }

  void put_profile_back(const std::string& from) override {
    if (!how_.own_profile || !how_.ours())
      return;
    move_back(from, how_.profile);
    loop_->on_disk([profile = how_.profile] {
      remove_discarded(profile);
    });
  }

private:
  int64_t pid() const override {
    return process_ ? process_->pid() : 0;
  }

  bool ran_before() const override {
    return survivor_;
  }

  /// Does beside the loop what looks at every process there is, and then
  /// something with what came of it. Nothing else may use `process_` meanwhile.
  template <class Job, class Then>
  void beside(Job job, Then then) {
    loop_->aside([this, me = shared_from_this(), job = std::move(job),
                  then = std::move(then)]() mutable {
      loop_->post([me, then = std::move(then), result = job()]() mutable {
        then(std::move(result));
      });
    });
  }

  void begin() override {
    if (!how_.ours())
      return end(chrome_end::not_started, "Chrome is another daemon's now.");
    searching_ = true;
    beside(
      [how = how_] {
        remove_trials(how); // Of a start that got no further.
        auto found = chrome_process::survivor(how);
        bool is_used = !found && chrome_process::has_another(how);
        return std::make_pair(std::move(found), is_used);
      },
      [this](std::pair<std::optional<chrome_process>, bool> found) {
        searching_ = false;
        if (over())
          return;
        process_ = std::move(found.first);
        if (stopping_)
          return end_in_order();
        if (found.second)
          try_first([this] {
            launch();
          });
        else
          go_on_with_survivor();
      });
  }

  /// One with other flags runs, or one that does not answer. It is not ended
  /// for another that does not start.
  void try_first(std::function<void()> then) {
    trial_ = try_launch(
      loop_, how_,
      [this, me = shared_from_this(), then = std::move(then)](auto failed) {
        trial_.reset();
        if (over())
          return;
        if (stopping_)
          return end_in_order();
        if (announced() || burying_)
          return; // It did answer, or is gone.
        if (!failed)
          return then();
        process_.reset(); // Left as it is.
        // It had an empty profile: the real one is in use, and not to blame.
        end(chrome_end::not_started, failed->detail);
      });
  }

  void go_on_with_survivor() {
    survivor_ = process_.has_value();
    if (!survivor_)
      return launch();
    give_up_at_ = steady_clock::now() + how_.start_within;
    group_ = process_->pid();
    watch_log();
    await_survivor(effort_of(group_));
    connect(pipes(), true);
  }

  /// One that is slow makes an effort: it has as long as a new one. One that
  /// is stopped makes none.
  void await_survivor(std::optional<std::chrono::nanoseconds> effort) {
    later(survivor_max, [this, effort] {
      auto now = effort_of(group_);
      bool is_at_work = effort && now && *now - *effort > effort_least;
      if (is_at_work && steady_clock::now() < give_up_at_)
        await_survivor(now);
      else
        give_up_survivor();
    });
  }

  void give_up_survivor() {
    if (burying_ || trial_ || announced())
      return;
    if (process_->ended())
      return replace_survivor();
    try_first([this] {
      replace_survivor();
    });
  }

  /// Whoever has the profile is ended first, which may take seconds.
  void launch() {
    forget_later();
    loop_->aside([this, me = shared_from_this()] {
      // A process that was stopped may find out only now.
      if (how_.ours())
        reap_orphan_chromes(how_.owner, how_.profile);
      if (how_.own_profile && how_.ours())
        remove_discarded(how_.profile); // Of a daemon that got no further.
      loop_->post([this, me] {
        if (!over() && !stopping_)
          launch_now();
      });
    });
  }

  void launch_now() {
    if (!how_.ours())
      return end(chrome_end::not_started, "Chrome is another daemon's now.");
    give_up_at_ = steady_clock::now() + how_.start_within;
    std::string trouble;
    process_ = chrome_process::launch(how_, trouble);
    if (!process_)
      return end(chrome_end::not_started, trouble);
    group_ = process_->pid();
    watch_log();
    connect(pipes(), false);
    await_answer();
  }

  pipe_options pipes() const {
    pipe_options result;
    result.names = how_.pipes;
    result.message_max = how_.message_max;
    result.ours = how_.ours;
    return result;
  }

  /// A program that babbles must not fill the disk.
  void watch_log() {
    log_timer_.expires_after(log_every);
    log_timer_.async_wait([weak = weak_from_this(), this](auto failed) {
      auto me = weak.lock();
      if (failed || !me || over() || !process_)
        return;
      if (is_full(how_.log))
        cut_log_aside();
      else
        watch_log();
    });
  }

  void cut_log_aside() {
    loop_->on_disk([this, me = shared_from_this()] {
      if (how_.ours())
        cut_log(how_.log);
      loop_->post([this, me] {
        watch_log();
      });
    });
  }

  /// Another takes its place, with the same profile.
  void replace_survivor() {
    survivor_ = false;
    kill([this] {
      launch();
    });
  }

  void abandon() override {
    if (over() || stopping_ || burying_)
      return; // It ends, and nobody need wait for that.
    connected_chrome::abandon();
    process_.reset();
    if (trial_)
      trial_->stop(milliseconds{0});
  }

  /// Until it has answered. Its end may be known before that of its pipes, and
  /// the other way round.
  void await_answer() {
    if (over() || announced() || burying_)
      return;
    if (auto how = process_->ended())
      return fail_start(*how, process_->start_failure());
    if (steady_clock::now() >= give_up_at_)
      return fail_start(
        broken_.empty() ? "Chrome did not answer within "
                            + std::to_string(how_.start_within.count()) + " ms."
                        : "The connection to Chrome broke: " + broken_ + ".");
    later(poll_every, [this] {
      await_answer();
    });
  }

  void fail_start(const std::string& why, chrome_end cause
                                          = chrome_end::not_started) {
    auto words = process_->last_words();
    auto text = words.empty() ? why : why + " It said: " + words;
    kill([this, cause, text] {
      end(cause, text);
    });
  }

  /// The connection is gone, and so is the use of the process.
  void lost(const std::string& why) override {
    if (over() || stopping_ || burying_)
      return;
    if (survivor_ && !announced())
      return give_up_survivor();
    if (!announced()) {
      broken_ = why;
      give_up_at_ = std::min(give_up_at_, steady_clock::now() + fall_max);
      return;
    }
    auto how = process_->ended();
    auto words = how ? *how : "The connection to Chrome broke: " + why + ".";
    kill([this, words] {
      end(chrome_end::connection_lost, words);
    });
  }

  void finish(milliseconds patience) override {
    if (over() || std::exchange(stopping_, true))
      return;
    patience_ = patience;
    if (trial_)
      trial_->stop(milliseconds{0});
    else if (!searching_ && !burying_) // What is under way comes to that end.
      end_in_order();
  }

  void end_in_order() {
    if (!process_)
      return end(chrome_end::stopped, {});
    if (patience_.count() > 0 && announced() && how_.ours())
      send(R"({"id":1073741822,"method":"Browser.close"})");
    else
      process_->ask_to_end();
    give_up_at_ = steady_clock::now() + patience_;
    await_end();
  }

  void await_end() {
    if (process_->ended() || steady_clock::now() >= give_up_at_)
      return kill([this] {
        end(chrome_end::stopped, {});
      });
    later(poll_every, [this] {
      await_end();
    });
  }

  /// Ends what is left of it.
  void kill(std::function<void()> then) {
    burying_ = true;
    forget_later();
    disconnect();
    beside(
      [this] {
        process_->kill();
        return true;
      },
      [this, then = std::move(then)](bool) {
        bury(then);
      });
  }

  /// Its children outlive it for a moment, and write into its profile.
  void bury(std::function<void()> then) {
    if (!process_->ended())
      return later(poll_every, [this, then = std::move(then)] {
        bury(then);
      });
    process_->kill_children();
    await_children(std::move(then), steady_clock::now() + children_max);
  }

  void
  await_children(std::function<void()> then, steady_clock::time_point until) {
    beside(
      [group = process_->pid()] {
        return group_lives(group);
      },
      [this, then = std::move(then), until](bool lives) {
        if (lives && steady_clock::now() < until)
          return later(poll_every, [this, then, until] {
            await_children(then, until);
          });
        process_->clean_up();
        burying_ = false;
        if (stopping_)
          end(chrome_end::stopped, {});
        else
          then();
      });
  }

  launch_options how_;
  asio::steady_timer log_timer_;
  bool survivor_ = false;         ///< It ran before this object.
  bool searching_ = false;        ///< For such a one.
  milliseconds patience_{};       ///< For its end, once it is to end.
  bool burying_ = false;          ///< It was killed; its children are awaited.
  std::shared_ptr<chrome> trial_; ///< Beside one that runs.
  std::optional<chrome_process> process_;
  std::atomic<pid_t> group_{0}; ///< Of its processes.
  std::shared_ptr<std::atomic<uint64_t>> memory_
    = std::make_shared<std::atomic<uint64_t>>(0);
  std::shared_ptr<std::atomic<bool>> measuring_
    = std::make_shared<std::atomic<bool>>(false);
  steady_clock::time_point give_up_at_;
  std::string broken_; ///< Why it cannot be reached, while it starts.
};

} // namespace

std::shared_ptr<chrome>
managed_chrome(std::shared_ptr<io_loop> loop, launch_options options) {
  return std::make_shared<real_managed_chrome>(std::move(loop),
                                               std::move(options));
}

} // namespace berth::cdp

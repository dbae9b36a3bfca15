// One run of a managed Chrome. What looks at all processes, and waits for them,
// is done beside the loop; whatever comes meanwhile, its end is told once and
// last, and nothing of it is left.

#include "cdp/transport/proc.hpp"
#include "cdp/transport/real_chrome.hpp"

#include "tests/e2e/harness.hpp"
#include "tests/e2e/served.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <string>
#include <unistd.h>
#include <vector>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

/// Writes down in what order things were told.
class told {
public:
  cdp::chrome_listener listener() {
    return {[this](const cdp::chrome_started&) {
              add("started");
            },
            [](const cdp::frame_ptr&) {},
            [this](const cdp::chrome_ended& x) {
              add(x.cause == cdp::chrome_end::stopped ? "stopped"
                                                      : "ended: " + x.detail);
            }};
  }

  bool has(const std::string& what) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, patience, [&] {
      return std::ranges::any_of(all_, [&](const std::string& x) {
        return x.starts_with(what);
      });
    });
  }

  std::vector<std::string> all() {
    std::lock_guard guard{mutex_};
    return all_;
  }

private:
  void add(std::string what) {
    std::lock_guard guard{mutex_};
    all_.push_back(std::move(what));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> all_;
};

class ChromeRun : public testing::Test {
protected:
  ~ChromeRun() override {
    for (auto pid : processes())
      ::kill(pid, SIGKILL);
  }

  std::shared_ptr<cdp::chrome> make() {
    cdp::launch_options how;
    how.program = cdp::find_chrome();
    how.profile = dir_.path() + "/profile";
    how.own_profile = true;
    how.pipes = {dir_.path() + "/chrome.in", dir_.path() + "/chrome.out"};
    how.log = dir_.path() + "/chrome.log";
    how.owner = dir_.path();
    how.sandbox = ::geteuid() != 0;
    return cdp::managed_chrome(loop_, how);
  }

  /// Those of Chrome that live; a zombie has no environment.
  std::vector<pid_t> processes() const {
    std::vector<pid_t> result;
    for (auto pid : cdp::all_processes())
      if (cdp::started_with(pid, "BERTH_OWNER") == dir_.path())
        result.push_back(pid);
    return result;
  }

  /// What was done on the loop, and beside it, before this was asked.
  void let_it_work() {
    std::promise<void> done;
    loop_->post([&] {
      loop_->aside([&] {
        loop_->post([&] {
          done.set_value();
        });
      });
    });
    done.get_future().wait();
  }

  void is_over(told& heard, const std::vector<std::string>& expected) {
    ASSERT_TRUE(heard.has(expected.back()));
    let_it_work();
    EXPECT_EQ(heard.all(), expected);
    EXPECT_TRUE(soon([&] {
      return processes().empty();
    }));
  }

private:
  scratch_dir dir_;
  std::shared_ptr<cdp::io_loop> loop_ = std::make_shared<cdp::io_loop>();
};

} // namespace

TEST_F(ChromeRun, IsStoppedBeforeItWasLookedFor) {
  told heard;
  auto run = make();
  run->start(heard.listener());
  run->stop(0ms);
  is_over(heard, {"stopped"});
}

TEST_F(ChromeRun, IsStoppedOnceHoweverOftenThatIsAsked) {
  told heard;
  auto run = make();
  run->start(heard.listener());
  run->stop(5s);
  run->stop(0ms);
  run->stop(5s);
  is_over(heard, {"stopped"});
}

TEST_F(ChromeRun, IsStoppedWhileItIsStarted) {
  // Each step of a start is some turns of the loop from the last one.
  for (int turns = 1; turns <= 4; ++turns) {
    told heard;
    auto run = make();
    run->start(heard.listener());
    for (int i = 0; i < turns; ++i)
      let_it_work();
    run->stop(0ms);
    is_over(heard, {"stopped"});
  }
}

TEST_F(ChromeRun, IsStoppedAsSoonAsItsProcessIsThere) {
  told heard;
  auto run = make();
  run->start(heard.listener());
  ASSERT_TRUE(soon([&] {
    return !processes().empty();
  }));
  run->stop(0ms);
  ASSERT_TRUE(heard.has("stopped"));
  auto all = heard.all();
  EXPECT_EQ(std::ranges::count(all, "stopped"), 1);
  EXPECT_EQ(all.back(), "stopped");
  EXPECT_TRUE(soon([&] {
    return processes().empty();
  }));
}

TEST_F(ChromeRun, IsStoppedWhenItIsReady) {
  told heard;
  auto run = make();
  run->start(heard.listener());
  ASSERT_TRUE(heard.has("started"));
  run->stop(5s);
  is_over(heard, {"started", "stopped"});
}

TEST_F(ChromeRun, IsStoppedInTheMidstOfItsEnd) {
  told heard;
  auto run = make();
  run->start(heard.listener());
  ASSERT_TRUE(heard.has("started"));
  for (auto pid : processes())
    ::kill(pid, SIGKILL);
  run->stop(0ms);
  // Which of the two was seen first is open; that one is told, and no other.
  ASSERT_TRUE(soon([&] {
    return heard.all().size() == 2;
  }));
  EXPECT_TRUE(soon([&] {
    return processes().empty();
  }));
  let_it_work();
  EXPECT_EQ(heard.all().size(), 2u);
}

TEST_F(ChromeRun, IsFollowedByAnotherAtOnce) {
  for (int round = 0; round < 3; ++round) {
    told heard;
    auto run = make();
    run->start(heard.listener());
    ASSERT_TRUE(heard.has("started")) << round;
    run->stop(0ms);
    ASSERT_TRUE(heard.has("stopped")) << round;
  }
}

TEST_F(ChromeRun, IsFoundByTheNextWhenItWasLetGoOf) {
  told heard, next;
  auto run = make();
  run->start(heard.listener());
  ASSERT_TRUE(heard.has("started"));
  run->let_go();
  auto left = processes();
  EXPECT_FALSE(left.empty());
  auto again = make();
  again->start(next.listener());
  ASSERT_TRUE(next.has("started"));
  EXPECT_EQ(heard.all(), std::vector<std::string>{"started"});
  EXPECT_EQ(processes().front(), left.front());
  again->stop(0ms);
  is_over(next, {"started", "stopped"});
}

} // namespace berth::tests

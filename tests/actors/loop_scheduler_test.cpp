#include "actors/loop_clock.hpp"
#include "actors/loop_scheduler.hpp"

#include <caf/all.hpp>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace {

using namespace berth;
using namespace std::chrono_literals;

/// More than any machine needs.
constexpr auto patience = 30s;

using token = std::shared_ptr<int>;

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(token)

namespace {

class LoopScheduler : public testing::Test {
protected:
  std::shared_ptr<cdp::io_loop> loop = std::make_shared<cdp::io_loop>();
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system = make_system();

  std::unique_ptr<caf::actor_system> make_system() {
    actors::run_actors_on(config, loop);
    return std::make_unique<caf::actor_system>(config);
  }

  std::thread::id loop_thread() {
    std::promise<std::thread::id> result;
    loop->post([&] {
      result.set_value(std::this_thread::get_id());
    });
    return result.get_future().get();
  }
};

/// Answers a number with the next one.
caf::behavior successor(caf::event_based_actor*) {
  return {
    [](int32_t x) {
      return x + 1;
    },
  };
}

/// Is always busy: sends itself what it gets.
caf::behavior hamster(caf::event_based_actor* self) {
  return {
    [self](token& x) {
      self->send(self, std::move(x));
    },
  };
}

} // namespace

TEST_F(LoopScheduler, RunsActorsOnTheLoopsThread) {
  std::promise<std::thread::id> seen;
  system->spawn([&](caf::event_based_actor*) {
    seen.set_value(std::this_thread::get_id());
  });
  EXPECT_EQ(seen.get_future().get(), loop_thread());
}

TEST_F(LoopScheduler, AnswersOtherThreads) {
  auto server = system->spawn(successor);
  caf::scoped_actor self{*system};
  int32_t last = 0;
  while (last < 1000)
    self->request(server, patience, last)
      .receive(
        [&](int32_t x) {
          last = x;
        },
        [&](caf::error& x) {
          FAIL() << system->render(x);
        });
  caf::anon_send_exit(server, caf::exit_reason::user_shutdown);
}

TEST_F(LoopScheduler, AnswersJobsOfTheLoop) {
  auto server = system->spawn(successor);
  std::promise<int32_t> answer;
  loop->post([&] {
    system->spawn([&](caf::event_based_actor* self) {
      self->request(server, patience, int32_t{41})
        .then(
          [&](int32_t x) {
            answer.set_value(x);
          },
          [&](caf::error&) {
            answer.set_value(-1);
          });
    });
  });
  EXPECT_EQ(answer.get_future().get(), 42);
  caf::anon_send_exit(server, caf::exit_reason::user_shutdown);
}

/// By how much the busy ones do between two jobs of the loop, not by a clock.
TEST_F(LoopScheduler, LeavesTheLoopTimeForOthersWhenActorsAreBusy) {
  constexpr size_t jobs = 100;
  constexpr size_t at_once = 10'000; // Messages; some are let through.
  // What a scheduler that never stops would do: the test ends all the same.
  constexpr size_t most = 100 * jobs * at_once;
  size_t turns = 0; // Only the loop's thread counts and looks.
  auto busy = system->spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](token& x) {
      if (++turns < most)
        self->send(self, std::move(x));
    }};
  });
  for (int i = 0; i < 200; ++i)
    caf::anon_send(busy, std::make_shared<int>(i));
  std::vector<size_t> seen;
  std::promise<void> all;
  std::function<void()> look = [&] {
    seen.push_back(turns);
    if (seen.size() < jobs)
      loop->post(look);
    else
      all.set_value();
  };
  loop->post(look);
  all.get_future().wait();
  std::promise<void> ended;
  loop->post([&] {
    turns = most;
    ended.set_value();
  });
  ended.get_future().wait();
  caf::anon_send_exit(busy, caf::exit_reason::kill);
  for (size_t i = 1; i < seen.size(); ++i)
    ASSERT_LE(seen[i] - seen[i - 1], at_once) << "before job " << i;
  EXPECT_GT(seen.back(), seen.front()); // Nor do the others stop the actors.
}

TEST_F(LoopScheduler, FiresTimeouts) {
  auto silent = system->spawn([](caf::event_based_actor* self) {
    return caf::behavior{[self](int32_t) {
      return self->make_response_promise<int32_t>();
    }};
  });
  std::promise<caf::error> answer;
  std::promise<void> delayed;
  system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->request(silent, 10ms, int32_t{1})
      .then([](int32_t) {},
            [&](caf::error& x) {
              answer.set_value(x);
            });
    self->delayed_send(self, 10ms, caf::unit);
    return {
      [&, self](const caf::unit_t&) {
        delayed.set_value();
        self->quit();
      },
    };
  });
  EXPECT_EQ(answer.get_future().get(), caf::sec::request_timeout);
  delayed.get_future().wait();
  caf::anon_send_exit(silent, caf::exit_reason::user_shutdown);
}

TEST_F(LoopScheduler, RingsInTheOrderOfTime) {
  std::vector<int32_t> heard;
  std::promise<void> all;
  auto listener = system->spawn([&](caf::event_based_actor* self) {
    return caf::behavior{[&, self](int32_t x) {
      heard.push_back(x);
      if (heard.size() == 3) {
        all.set_value();
        self->quit();
      }
    }};
  });
  // From a thread that is not the loop's, and the soonest last.
  caf::scoped_actor self{*system};
  self->delayed_send(listener, 90ms, int32_t{3});
  self->delayed_send(listener, 60ms, int32_t{2});
  self->delayed_send(listener, 30ms, int32_t{1});
  all.get_future().wait();
  EXPECT_EQ(heard, (std::vector<int32_t>{1, 2, 3}));
}

TEST_F(LoopScheduler, DropsTimersWithWhatTheyWouldHaveSent) {
  auto witness = std::make_shared<int>(0);
  auto busy = system->spawn(hamster);
  caf::scoped_actor {
    *system
    } -> delayed_send(busy, patience, token{witness});
  caf::anon_send_exit(busy, caf::exit_reason::kill);
  busy = nullptr;
  system->await_actors_before_shutdown(false);
  system.reset();
  EXPECT_EQ(witness.use_count(), 1);
}

/// Its timers would be kept for half a minute, and each keeps its actor.
TEST_F(LoopScheduler, KeepsNoTimerOfWhatWasAnswered) {
  auto server = system->spawn(successor);
  std::promise<size_t> kept;
  system->spawn([&](caf::event_based_actor* self) {
    auto ask = std::make_shared<std::function<void(int32_t)>>();
    *ask = [&, self, ask](int32_t left) {
      self->request(server, patience, left).then([&, self, ask, left](int32_t) {
        if (left > 0) {
          (*ask)(left - 1);
          return;
        }
        auto& clock = system->scheduler().clock();
        kept.set_value(dynamic_cast<actors::loop_clock&>(clock).size());
        *ask = {};
      });
    };
    (*ask)(20'000);
  });
  EXPECT_LE(kept.get_future().get(), 2048u);
  caf::anon_send_exit(server, caf::exit_reason::user_shutdown);
}

/// One that is not answered is told so, however many were meanwhile.
TEST_F(LoopScheduler, KeepsTheTimerOfWhatWasNot) {
  auto server = system->spawn(successor);
  auto silent = system->spawn([](caf::event_based_actor* self) {
    return caf::behavior{[self](int32_t) {
      return self->make_response_promise<int32_t>();
    }};
  });
  std::promise<caf::error> answer;
  system->spawn([&](caf::event_based_actor* self) {
    self->request(silent, 300ms, int32_t{1})
      .then([](int32_t) {},
            [&](caf::error& x) {
              answer.set_value(x);
            });
    for (int32_t i = 0; i < 5000; ++i)
      self->request(server, patience, i).then([](int32_t) {});
  });
  EXPECT_EQ(answer.get_future().get(), caf::sec::request_timeout);
  for (const auto& x : {server, silent})
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
}

/// A tab that was given back has alarms set for minutes.
TEST_F(LoopScheduler, KeepsNoMessageForAnActorThatEnded) {
  auto witness = std::make_shared<int>(0);
  std::promise<void> ended;
  auto mortal = system->spawn([&](caf::event_based_actor* self) {
    self->delayed_send(self, patience, token{witness});
    self->attach_functor([&] {
      ended.set_value();
    });
    return caf::behavior{[](const token&) {}};
  });
  caf::anon_send_exit(mortal, caf::exit_reason::user_shutdown);
  mortal = nullptr;
  ended.get_future().wait();
  loop_thread(); // It was told before its timers are taken back.
  EXPECT_EQ(witness.use_count(), 1);
}

TEST_F(LoopScheduler, LeavesDetachedActorsTheirThreads) {
  std::promise<std::thread::id> seen;
  auto future = seen.get_future();
  system->spawn<caf::detached>([&](caf::event_based_actor*) {
    seen.set_value(std::this_thread::get_id());
  });
  auto found = future.get();
  EXPECT_NE(found, loop_thread());
  EXPECT_NE(found, std::this_thread::get_id());
}

TEST_F(LoopScheduler, TellsOfADeath) {
  auto mortal = system->spawn(successor);
  std::promise<caf::error> seen;
  system->spawn([&, mortal](caf::event_based_actor* self) -> caf::behavior {
    self->monitor(mortal);
    self->set_down_handler([&, self](caf::down_msg& x) {
      seen.set_value(x.reason);
      self->quit();
    });
    self->send_exit(mortal, caf::exit_reason::kill);
    return {[](int32_t) {}};
  });
  EXPECT_EQ(seen.get_future().get(), caf::exit_reason::kill);
}

TEST_F(LoopScheduler, LeavesNothingBehindWhenItStops) {
  auto witness = std::make_shared<int>(0);
  auto busy = system->spawn(hamster);
  for (int i = 0; i < 200; ++i)
    caf::anon_send(busy, token{witness});
  busy = nullptr;
  system->await_actors_before_shutdown(false);
  system.reset();
  EXPECT_EQ(witness.use_count(), 1);
  loop_thread(); // It goes on without us.
}

/// A system that cannot end waits for ever; so somebody else watches it.
TEST_F(LoopScheduler, MakesRoomForTheNextSystem) {
  for (int i = 0; i < 20; ++i) {
    std::promise<std::thread::id> ran;
    system->spawn([&](caf::event_based_actor* self) {
      // Whoever spawns marks its thread as the system's.
      self->spawn([&](caf::event_based_actor*) {
        ran.set_value(std::this_thread::get_id());
      });
    });
    auto where = ran.get_future();
    ASSERT_EQ(where.wait_for(patience), std::future_status::ready)
      << "system " << i << " runs no actor";
    EXPECT_EQ(where.get(), loop_thread());
    std::promise<void> over;
    std::thread watchdog{[i, ended = over.get_future()] {
      if (ended.wait_for(patience) == std::future_status::ready)
        return;
      std::fprintf(stderr, "system %d does not end\n", i);
      std::_Exit(1); // Nothing can be taken down any more.
    }};
    system.reset();
    over.set_value();
    watchdog.join();
    system = std::make_unique<caf::actor_system>(config);
  }
}

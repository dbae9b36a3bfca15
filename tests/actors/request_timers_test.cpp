#include "actors/request_timers.hpp"

#include <caf/all.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace berth;
using namespace std::chrono_literals;
using actors::request_timers;

class RequestTimers : public testing::Test {
protected:
  caf::actor_system_config config;
  caf::actor_system system{config};
  request_timers timers;
  request_timers::time_point start{};
  std::vector<caf::actor> all;

  caf::strong_actor_ptr make() {
    all.push_back(system.spawn([](caf::event_based_actor*) -> caf::behavior {
      return {
        [](int x) {
          return x;
        },
      };
    }));
    return caf::actor_cast<caf::strong_actor_ptr>(all.back());
  }

  void add(std::chrono::seconds after, const caf::strong_actor_ptr& whom,
           uint64_t number) {
    timers.add(start + after, whom, caf::make_message_id(number));
  }

  std::vector<uint64_t> due(std::chrono::seconds after) {
    std::vector<uint64_t> result;
    for (const auto& x : timers.take_due(start + after))
      result.push_back(x.what.request_id().integer_value());
    return result;
  }

  ~RequestTimers() override {
    for (auto& x : all)
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  }
};

using numbers = std::vector<uint64_t>;

TEST_F(RequestTimers, AreDueInOrder) {
  auto x = make(), y = make();
  add(3s, x, 3);
  add(1s, y, 1);
  add(4s, x, 4);
  add(2s, x, 2);
  EXPECT_EQ(timers.first(), start + 1s);
  EXPECT_EQ(due(3s), (numbers{1, 2, 3}));
  EXPECT_EQ(timers.first(), start + 4s);
  EXPECT_EQ(due(9s), numbers{4});
  EXPECT_EQ(timers.first(), std::nullopt);
}

TEST_F(RequestTimers, KeepAnActorUntilItsLastOneIsDue) {
  auto x = make(), y = make();
  for (const auto& whom : {x, y}) {
    add(1s, whom, 1);
    add(2s, whom, 2);
  }
  due(1s);
  EXPECT_EQ(timers.forget(x->id()), x);
  due(2s);
  EXPECT_EQ(timers.forget(y->id()), nullptr);
}

TEST_F(RequestTimers, OfAnActorThatEndedAreNotTold) {
  auto x = make(), y = make();
  add(1s, x, 1);
  add(1s, y, 2);
  EXPECT_EQ(timers.forget(x->id()), x);
  EXPECT_EQ(timers.forget(x->id()), nullptr);
  EXPECT_EQ(due(1s), numbers{2});
}

TEST_F(RequestTimers, AreSweptIfNobodyWaits) {
  auto x = make(), y = make(), ended = make();
  for (uint64_t i = 1; i <= 400; ++i)
    for (const auto& whom : {x, y, ended})
      add(1h + std::chrono::seconds{i}, whom, i);
  timers.forget(ended->id());
  EXPECT_TRUE(timers.is_full());
  auto still = [&](caf::abstract_actor& whom, caf::message_id what) {
    return whom.id() == x->id() && what.request_id().integer_value() <= 2;
  };
  EXPECT_EQ(timers.sweep(still), std::vector{y}); // It has none any more.
  EXPECT_EQ(timers.size(), 2u);
  EXPECT_FALSE(timers.is_full());
  EXPECT_EQ(due(2h), (numbers{1, 2}));
}

TEST_F(RequestTimers, AreGoneWhenAllIsCleared) {
  auto x = make();
  add(1s, x, 1);
  EXPECT_EQ(timers.clear(), std::vector{x});
  EXPECT_EQ(timers.size(), 0u);
  EXPECT_EQ(timers.forget(x->id()), nullptr);
}

} // namespace

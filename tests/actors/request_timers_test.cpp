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
  auto x = make();
  auto before = x->strong_refs.load();
  add(1s, x, 1);
  add(2s, x, 2);
  EXPECT_EQ(x->strong_refs.load(), before + 1);
  due(1s);
  EXPECT_EQ(x->strong_refs.load(), before + 1);
  due(2s);
  EXPECT_EQ(x->strong_refs.load(), before);
}

TEST_F(RequestTimers, OfAnActorThatEndedAreNotTold) {
  auto x = make(), y = make();
  add(1s, x, 1);
  add(1s, y, 2);
  EXPECT_EQ(timers.forget(x->id()), x);
  EXPECT_EQ(timers.forget(x->id()), nullptr);
  EXPECT_EQ(due(1s), numbers{2});
}

TEST_F(RequestTimers, OfManyThatEndedLeaveNothing) {
  auto lives = make();
  add(1h, lives, 1);
  for (int i = 0; i < 2000; ++i) {
    auto x = make();
    for (uint64_t j = 0; j < 10; ++j)
      add(1h, x, j);
    timers.forget(x->id());
    ASSERT_LE(timers.size(), 1024);
  }
  EXPECT_EQ(due(3600s), numbers{1});
}

TEST_F(RequestTimers, AreGoneWhenAllIsCleared) {
  auto x = make();
  auto before = x->strong_refs.load();
  add(1s, x, 1);
  EXPECT_EQ(timers.clear().size(), 1);
  EXPECT_EQ(timers.size(), 0);
  EXPECT_EQ(x->strong_refs.load(), before);
}

} // namespace

// The world repeats itself, keeps time in order, and ends whatever it holds.

#include "tests/support/world.hpp"

#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;
using actors::wake_atom;
using actors::wake_atom_v;

using echo_actor
  = caf::typed_actor<caf::replies_to<target_id>::with<target_id>>;

echo_actor::behavior_type echo(echo_actor::pointer) {
  return {
    [](const target_id& x) -> caf::result<target_id> {
      return x;
    },
  };
}

/// Answers nobody, and says nothing at its end.
echo_actor::behavior_type hold(echo_actor::pointer self) {
  auto kept = std::make_shared<caf::typed_response_promise<target_id>>();
  return {
    [=](const target_id&) -> caf::result<target_id> {
      *kept = self->make_response_promise<target_id>();
      return *kept;
    },
  };
}

caf::behavior wake_at(caf::event_based_actor* self, duration first,
                      const std::shared_ptr<std::vector<timestamp>>& woken) {
  self->delayed_send(self, first, wake_atom_v);
  return {
    [=](wake_atom) {
      woken->push_back(self->clock().now());
    },
  };
}

TEST(World, KeepsTheAnswerOfARequest) {
  world it;
  auto asked = it.ask<target_id>(it.spawn(echo), target_id{"a"});
  EXPECT_TRUE(asked->pending());
  it.settle();
  ASSERT_TRUE(asked->value);
  EXPECT_EQ(asked->value->value, "a");
  EXPECT_EQ(asked->times, 1u);
}

TEST(World, TellsOfADeadReceiver) {
  world it;
  auto whom = it.spawn(echo);
  it.kill(whom);
  it.settle();
  auto asked = it.ask<target_id>(whom, target_id{"a"});
  it.settle();
  ASSERT_TRUE(asked->why);
  EXPECT_EQ(asked->why->code, errc::client_gone);
}

TEST(World, FiresTimersInTheirOrderAndAtTheirInstants) {
  world it;
  auto woken = std::make_shared<std::vector<timestamp>>();
  auto start = it.now();
  for (auto first : {duration{3h}, duration{1ms}, duration{2min}})
    it.spawn(wake_at, first, woken);
  it.advance(2h);
  EXPECT_EQ(it.now(), start + 2h);
  EXPECT_EQ(*woken, (std::vector<timestamp>{start + 1ms, start + 2min}));
  it.advance(1h);
  EXPECT_EQ(woken->back(), start + 3h);
}

TEST(World, FiresWhatWasDueWhileItSleptAtOnceAndOnce) {
  world it;
  auto woken = std::make_shared<std::vector<timestamp>>();
  for (auto first : {duration{1ms}, duration{2min}, duration{1h}})
    it.spawn(wake_at, first, woken);
  it.settle();
  auto start = it.now();
  it.jump(10min);
  it.settle();
  EXPECT_EQ(it.woke(), start + 10min);
  EXPECT_EQ(it.slept(), 10min);
  EXPECT_EQ(*woken, (std::vector<timestamp>{it.woke(), it.woke()}));
  it.advance(1h);
  EXPECT_EQ(woken->size(), 3u);
}

TEST(World, DoesWhatIsPlannedBetweenTwoDeliveries) {
  world it;
  size_t at = 0;
  it.after(3, [&] {
    at = it.steps();
  });
  it.after(4, [] {
    ADD_FAILURE() << "was dropped";
  });
  auto whom = it.spawn(echo);
  it.settle();
  EXPECT_EQ(at, 0u);
  it.ask<target_id>(whom, target_id{"a"});
  it.after(0, [&] {
    it.drop_plans();
  });
  it.settle();
  EXPECT_EQ(at, 0u);
  it.after(2, [&] {
    at = it.steps();
  });
  it.ask<target_id>(whom, target_id{"b"});
  auto before = it.steps();
  it.settle();
  EXPECT_EQ(at, before + 2);
}

struct named_state {
  static constexpr const char* name = "somebody";
};

TEST(World, FindsTheLivingByTheirName) {
  using named_actor = echo_actor::stateful_pointer<named_state>;
  world it;
  auto spawn = [&] {
    auto result = it.spawn([](named_actor self) {
      return echo(self);
    });
    it.settle();
    return result;
  };
  auto first = spawn();
  auto second = spawn();
  EXPECT_EQ(it.find("somebody").size(), 2u);
  EXPECT_TRUE(it.find("nobody").empty());
  it.kill(first);
  it.settle();
  auto left = it.find("somebody");
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left.front().address(), second.address());
}

TEST(World, EndsWhoWaitsForEver) {
  world it;
  auto asked = it.ask<target_id>(it.spawn(hold), target_id{"a"});
  it.spawn(wake_at, 1h, std::make_shared<std::vector<timestamp>>());
  it.settle();
  EXPECT_TRUE(asked->pending());
}

TEST(World, RepeatsARunAndOnlyThatRun) {
  auto run = [](uint64_t seed) {
    world it{seed};
    for (int i = 0; i < 20; ++i)
      it.ask<target_id>(it.spawn(echo), target_id{"a"});
    it.settle();
    return it.hash();
  };
  EXPECT_EQ(run(3), run(3));
  EXPECT_NE(run(3), run(7));
}

} // namespace

} // namespace berth::tests

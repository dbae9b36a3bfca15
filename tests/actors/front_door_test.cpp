// The front door, with a door that is none: what fails, and what follows.

#include "actors/front_door.hpp"

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace actors;
using namespace std::chrono_literals;

/// Counts crews that were given up.
harbour_actor::behavior_type
count(harbour_actor::pointer, const std::shared_ptr<size_t>& given_up) {
  return {
    [](const get_crew&) -> caf::result<crew> {
      return caf::sec::runtime_error;
    },
    [given_up](const replace_crew&) {
      ++*given_up;
    },
    [](const await_calm&) {},
    [](const roster&) {},
    [](const stop_harbour&) {},
  };
}

struct FrontDoor : testing::Test {
  world it;
  std::shared_ptr<size_t> given_up = std::make_shared<size_t>(0);
  std::vector<uint16_t> opened_at;
  size_t refusals = 0;
  harbour_actor chief = it.spawn(count, given_up);
  front_door_actor door = it.spawn(
    front_door, front_door_start{
                  chief,
                  [this] {
                    return it.spawn(gateway, gateway_start{chief, {}});
                  },
                  [this](const gateway_shell&, uint16_t port) {
                    opened_at.push_back(port);
                    if (refusals == 0 || opened_at.size() == 1)
                      return caf::expected<uint16_t>{4711};
                    --refusals;
                    return caf::expected<uint16_t>{caf::sec::cannot_open_port};
                  },
                  [](const gateway_shell&, uint16_t) {}});

  void open() {
    auto port = it.ask<uint16_t>(door, open_door{});
    it.settle();
    ASSERT_EQ(*port->value, 4711);
  }

  void fail_it() {
    auto all = it.find("gateway");
    ASSERT_EQ(all.size(), 1u);
    it.kill(all.front());
    it.settle();
  }
};

} // namespace

TEST_F(FrontDoor, O1_IsOpenAgainOnTheSamePortUnderANewCrew) {
  open();
  fail_it();
  EXPECT_EQ(opened_at, (std::vector<uint16_t>{0, 4711}));
  EXPECT_EQ(*given_up, 1u);
  EXPECT_EQ(it.find("gateway").size(), 1u);
  fail_it();
  EXPECT_EQ(*given_up, 2u);
}

TEST_F(FrontDoor, O1_TriesUntilThePortIsFree) {
  open();
  refusals = 3;
  fail_it();
  it.advance(1s);
  EXPECT_EQ(opened_at.size(), 5u);
  EXPECT_EQ(it.find("front_door").size(), 1u);
}

TEST_F(FrontDoor, O1_EndsIfThePortCannotBeHad) {
  open();
  refusals = 1000;
  fail_it();
  it.advance(10s);
  EXPECT_TRUE(it.find("front_door").empty());
  EXPECT_TRUE(it.find("gateway").empty());
}

TEST_F(FrontDoor, ReplacesAGatewayThatDoesNotAnswer) {
  open();
  caf::anon_send(door, replace_door{});
  it.settle();
  EXPECT_EQ(opened_at.size(), 2u);
}

} // namespace berth::tests

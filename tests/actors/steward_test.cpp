// The steward: who does not answer any more, and what is done about it.

#include "actors/steward.hpp"

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace actors;
using namespace std::chrono_literals;

/// Lives, and answers nothing.
caf::behavior say_nothing(caf::event_based_actor* self) {
  self->set_default_handler(caf::skip);
  return {[](wake_atom) {}};
}

/// Knows this crew, and keeps what it is told of it.
harbour_actor::behavior_type
count(harbour_actor::pointer, const crew& all,
      const std::shared_ptr<std::vector<failure>>& told) {
  return {
    [all](const get_crew&) -> caf::result<crew> {
      return all;
    },
    [told](const replace_crew& x) {
      told->push_back(x.why);
    },
    [](const await_calm&) {},
    [](const roster&) {},
    [](const stop_harbour&) {},
  };
}

/// Once it is mute it lives on, and answers nothing.
class gateway_that_may_fail
  : public gateway_shell::stateful_base<gateway_state> {
public:
  using super = gateway_shell::stateful_base<gateway_state>;

  gateway_that_may_fail(caf::actor_config& config, gateway_start with,
                        std::shared_ptr<bool> mute)
    : super{config}, with_{std::move(with)}, mute_{std::move(mute)} {
    // nop
  }

  void
  enqueue(caf::mailbox_element_ptr what, caf::execution_unit* on) override {
    if (!*mute_ || !what->mid.is_request())
      super::enqueue(std::move(what), on);
  }

  behavior_type make_behavior() override {
    return gateway(this, with_);
  }

private:
  gateway_start with_;
  std::shared_ptr<bool> mute_;
};

struct Steward : testing::Test {
  template <class Handle>
  Handle mute() {
    return caf::actor_cast<Handle>(it.spawn(say_nothing));
  }

  void watch_over(const harbour_actor& chief, const front_door_actor& door) {
    it.spawn(steward, steward_start{chief, door, 1min,
                                    [] {
                                      return true;
                                    },
                                    [](const browser_view&) {}});
  }

  void watch_over(const crew& all, const front_door_actor& door = {}) {
    watch_over(it.spawn(count, all, told), door);
  }

  world it;
  std::shared_ptr<std::vector<failure>> told
    = std::make_shared<std::vector<failure>>();
};

/// A daemon with a front door that may fail in place of its own.
struct StewardOfADaemon : Steward {
  StewardOfADaemon() {
    it.advance(1s);
    auto chief = caf::actor_cast<harbour_actor>(it.find("harbour").front());
    // The front door may use these when this object is gone already.
    auto make = [&where = it, chief, fails = fails] {
      *fails = std::make_shared<bool>(false);
      return gateway_shell{where.spawn<gateway_that_may_fail>(
        gateway_start{chief, {}, {}, world_keys()}, *fails)};
    };
    auto open
      = [way_in = way_in, opened = opened](const gateway_shell& x, uint16_t) {
          *way_in = caf::actor_cast<gateway_actor>(x);
          ++*opened;
          return caf::expected<uint16_t>{1};
        };
    auto keeper = it.spawn(
      front_door, front_door_start{chief, make, open,
                                   [](const gateway_shell&, uint16_t) {}});
    watch_over(chief, keeper);
    caf::anon_send(keeper, open_door{});
    it.advance(1s);
    agent.join();
    it.advance(1s);
  }

  guest::door way_in = std::make_shared<gateway_actor>();
  std::shared_ptr<size_t> opened = std::make_shared<size_t>(0);
  std::shared_ptr<std::shared_ptr<bool>> fails
    = std::make_shared<std::shared_ptr<bool>>(); ///< Of the last gateway.
  daemon under{it, {}};
  guest agent{it, way_in, 1, "agent"};
};

} // namespace

TEST_F(Steward, HasACrewReplacedIfOneOfItDoesNotAnswer) {
  crew all;
  all.recorder = mute<recorder_actor>();
  watch_over(all);
  it.advance(5s);
  EXPECT_TRUE(told->empty()); // Once is not enough.
  it.advance(5s);
  ASSERT_EQ(told->size(), 1u);
  EXPECT_NE(told->front().what.find("recorder"), std::string::npos);
}

TEST_F(Steward, AsksTheSessionRegistry) {
  crew all;
  all.sessions = mute<session_registry_actor>();
  watch_over(all);
  it.advance(10s);
  ASSERT_EQ(told->size(), 1u);
  EXPECT_NE(told->front().what.find("session registry"), std::string::npos);
}

TEST_F(Steward, EndsWithAFrontDoorThatDoesNotAnswer) {
  watch_over(crew{}, mute<front_door_actor>());
  it.advance(5s);
  EXPECT_EQ(it.find("steward").size(), 1u);
  it.advance(5s);
  EXPECT_TRUE(it.find("steward").empty());
}

/// Whoever knew the clients is gone: they come back to what they held.
TEST_F(StewardOfADaemon, O1_HasAMuteGatewayReplacedAndNoLeaseIsLost) {
  acquire wanted;
  wanted.key = {"web"};
  auto got = agent.ask<grant>(wanted);
  it.advance(30s);
  ASSERT_TRUE(got->value);
  EXPECT_FALSE(agent.is_cut()); // Nobody is replaced who answers.
  EXPECT_EQ(*opened, 1u);

  **fails = true;
  it.advance(15s);
  EXPECT_TRUE(agent.is_cut());
  EXPECT_EQ(*opened, 2u);
  agent.join();
  it.advance(1s);
  ASSERT_TRUE(agent.joined());
  auto still = agent.ask<answer>(evaluate{{got->value->lease, {}, {}}, "1"});
  it.advance(1s);
  ASSERT_TRUE(still->value);
  EXPECT_EQ(still->value->target, got->value->target);
  EXPECT_EQ(under.journal().epoch, 2u);
  it.advance(30s);
  EXPECT_FALSE(agent.is_cut());
}

} // namespace berth::tests

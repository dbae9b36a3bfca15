#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/wire.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace berth;
using namespace std::chrono_literals;

/// More than any machine needs.
constexpr auto patience = 30s;

using server_actor
  = caf::typed_actor<caf::replies_to<std::string>::with<std::string>>;

/// A system whose actors and network have one thread together.
struct node {
  node() {
    actors::speak_berth(config, {});
    actors::run_actors_on(config, loop);
    actors::run_network_on(config, loop);
    system = std::make_unique<caf::actor_system>(config);
  }

  std::thread::id loop_thread() {
    std::promise<std::thread::id> result;
    loop->post([&] {
      result.set_value(std::this_thread::get_id());
    });
    return result.get_future().get();
  }

  std::shared_ptr<cdp::io_loop> loop = std::make_shared<cdp::io_loop>();
  caf::actor_system_config config;
  std::unique_ptr<caf::actor_system> system;
};

server_actor::behavior_type echo(server_actor::pointer) {
  return {
    [](std::string& x) {
      return std::move(x);
    },
  };
}

class LoopNetwork : public testing::Test {
protected:
  LoopNetwork() {
    port = *there.system->middleman().publish(server, 0, "127.0.0.1");
  }

  ~LoopNetwork() override {
    caf::anon_send_exit(server, caf::exit_reason::user_shutdown);
  }

  server_actor connect(node& from) {
    auto remote
      = from.system->middleman().remote_actor<server_actor>("127.0.0.1", port);
    EXPECT_TRUE(remote) << from.system->render(remote.error());
    return *remote;
  }

  std::string ask(node& from, const server_actor& whom, std::string what) {
    caf::scoped_actor self{*from.system};
    std::string result;
    self->request(whom, patience, std::move(what))
      .receive(
        [&](std::string& x) {
          result = std::move(x);
        },
        [&](caf::error& why) {
          ADD_FAILURE() << from.system->render(why);
        });
    return result;
  }

  node there;
  server_actor server = there.system->spawn(echo);
  uint16_t port = 0;
};

/// Asks as often as it is told to, many times at once.
void flood(caf::event_based_actor* self, const server_actor& whom,
           int32_t count, const std::shared_ptr<std::promise<int32_t>>& done) {
  auto answered = std::make_shared<int32_t>(0);
  for (int32_t i = 0; i < count; ++i)
    self->request(whom, patience, std::to_string(i))
      .then(
        [=](const std::string& x) {
          EXPECT_EQ(x, std::to_string(*answered));
          if (++*answered == count)
            done->set_value(count);
        },
        [=](const caf::error&) {
          done->set_value(*answered);
        });
}

} // namespace

TEST_F(LoopNetwork, AnswersOtherThreadsOverTheWire) {
  node here;
  auto remote = connect(here);
  for (auto x : {"one", "two", "three"})
    EXPECT_EQ(ask(here, remote, x), x);
}

TEST_F(LoopNetwork, HasNoThreadOfItsOwn) {
  std::promise<std::thread::id> seen;
  there.system->middleman().run_later([&] {
    seen.set_value(std::this_thread::get_id());
  });
  EXPECT_EQ(seen.get_future().get(), there.loop_thread());
}

TEST_F(LoopNetwork, KeepsTheOrderOfManyAtOnce) {
  node here;
  auto remote = connect(here);
  auto done = std::make_shared<std::promise<int32_t>>();
  here.system->spawn([=](caf::event_based_actor* self) {
    flood(self, remote, 5000, done);
  });
  EXPECT_EQ(done->get_future().get(), 5000);
}

TEST_F(LoopNetwork, CarriesWhatIsLargerThanAnyBuffer) {
  node here;
  auto remote = connect(here);
  std::string large(size_t{8} << 20, 'x');
  EXPECT_EQ(ask(here, remote, large), large);
}

TEST_F(LoopNetwork, TellsOfAPeerThatIsGone) {
  auto here = std::make_unique<node>();
  auto mortal = here->system->spawn(echo);
  auto where = *here->system->middleman().publish(mortal, 0, "127.0.0.1");
  auto remote
    = *there.system->middleman().remote_actor<server_actor>("127.0.0.1", where);
  std::promise<void> gone;
  auto watcher = there.system->spawn([&, remote](caf::event_based_actor* self) {
    self->monitor(remote);
    self->set_down_handler([&, self](const caf::down_msg&) {
      gone.set_value();
      self->quit();
    });
    return caf::behavior{[](int32_t) {}};
  });
  EXPECT_EQ(ask(there, remote, "ready"), "ready");
  caf::anon_send_exit(mortal, caf::exit_reason::user_shutdown);
  mortal = nullptr;
  here.reset();
  gone.get_future().wait();
}

TEST_F(LoopNetwork, EndsInTheMidstOfTraffic) {
  auto here = std::make_unique<node>();
  auto remote = connect(*here);
  auto done = std::make_shared<std::promise<int32_t>>();
  auto busy = here->system->spawn([=](caf::event_based_actor* self) {
    flood(self, remote, 5000, done);
  });
  caf::anon_send_exit(busy, caf::exit_reason::kill);
  busy = nullptr;
  remote = nullptr;
  here.reset();
  node next;
  EXPECT_EQ(ask(next, connect(next), "still there"), "still there");
}

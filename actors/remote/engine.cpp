#include "actors/remote/engine.hpp"

#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"

#include <caf/io/all.hpp>

namespace berth::client {

using namespace protocol;

namespace {

/// CAF's threads end in a moment, unless one of them is in a connect that
/// hangs: to a host that drops packets this takes two minutes.
constexpr duration teardown_max = std::chrono::seconds{1};

clerk_actor::behavior_type clerk(clerk_actor::pointer self) {
  return {
    [self](const errand& x) {
      x.run(self);
    },
  };
}

} // namespace

engine::engine(actors::pulse how, mooring_options what) {
  std::promise<crew> ready;
  auto there = ready.get_future();
  std::promise<void> ended;
  ended_ = ended.get_future();
  thread_ = std::thread{[how, what = std::move(what), ready = std::move(ready),
                         over = over_.get_future(),
                         ended = std::move(ended)]() mutable {
    try {
      serve(how, std::move(what), ready, std::move(over));
    } catch (...) {
      ready.set_exception(std::current_exception());
    }
    ended.set_value();
  }};
  try {
    crew_ = there.get();
  } catch (...) {
    thread_.join();
    throw;
  }
}

engine::~engine() {
  stop();
  crew_ = {};
  over_.set_value();
  if (ended_.wait_for(teardown_max) == std::future_status::ready)
    thread_.join();
  else
    thread_.detach();
}

void engine::serve(actors::pulse how, mooring_options what,
                   std::promise<crew>& ready, std::future<void> over) {
  auto loop = std::make_shared<cdp::io_loop>();
  caf::actor_system_config config;
  actors::speak_berth(config, how);
  actors::run_actors_on(config, loop);
  actors::run_network_on(config, loop);
  caf::actor_system system{config};
  ready.set_value(
    {spawn_mooring(system, std::move(what)), system.spawn(clerk)});
  over.wait();
}

void engine::run(std::function<void(clerk_actor::pointer)> what) {
  caf::anon_send(crew_.clerk, errand{std::move(what)});
}

void engine::stop() {
  caf::anon_send_exit(crew_.mooring, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(crew_.clerk, caf::exit_reason::user_shutdown);
}

} // namespace berth::client

#include "scenarios/port.hpp"

#include <spdlog/spdlog.h>

namespace berth::scenarios {

port::port(uint64_t seed, config how) : how_{std::move(how)}, world_{seed} {
  spdlog::set_level(spdlog::level::off);
  courier_ = world_.spawn(tests::courier);
  actors::harbour_start start{how_,
                              [this] {
                                return make_chrome();
                              },
                              {},
                              [this] {
                                return ++epoch_;
                              }};
  harbour_ = world_.spawn(actors::harbour, start);
  gateway_
    = world_.spawn(actors::gateway, actors::gateway_start{harbour_, how_});
  world_.settle();
  observe();
}

port::~port() {
  for (auto& x : chromes_)
    x->on_command = nullptr;
  auto stopped = world_.ask<void>(harbour_, actors::stop_harbour{});
  world_.settle();
}

std::shared_ptr<cdp::chrome> port::make_chrome() {
  auto made = std::make_shared<tests::fake_chrome>(courier_, world_.rng());
  made->faults = faults_;
  made->on_command
    = [this](const auto& page, const auto& method, const auto& params) {
        if (on_command)
          on_command(page, method, params);
      };
  chromes_.push_back(made);
  return made;
}

void port::observe() {
  observer_ = make_ears();
  auto met = world_.ask<actors::crew>(harbour_, actors::get_crew{});
  world_.settle();
  assert(met->value);
  caf::anon_send(met->value->recorder, actors::watch{observer_.actor, {}});
  world_.settle();
}

ears port::make_ears() {
  ears result;
  auto heard = result.heard;
  result.actor = world_.spawn([heard](actors::watcher_actor::pointer)
                                -> actors::watcher_actor::behavior_type {
    return {
      [heard](const events& x) -> caf::result<void> {
        heard->insert(heard->end(), x.begin(), x.end());
        return caf::unit;
      },
    };
  });
  return result;
}

std::shared_ptr<tests::reply_to<actors::welcome>>
port::connect(client_id id, const ears& with) {
  return world_.ask<actors::welcome>(
    gateway_, actors::hello{wire_version, id, "agent", with.actor});
}

void port::kill(const ears& whom) {
  caf::anon_send_exit(whom.actor, caf::exit_reason::kill);
}

void port::set_faults(const tests::chrome_faults& x) {
  faults_ = x;
  for (auto& chrome : chromes_)
    chrome->faults = x;
}

} // namespace berth::scenarios

#include "apps/chromeless.hpp"

#include "actors/ask.hpp"
#include "actors/durable_recorder.hpp"
#include "actors/harbour.hpp"
#include "actors/loop_network.hpp"
#include "actors/loop_scheduler.hpp"
#include "actors/recorder.hpp"
#include "actors/steward.hpp"
#include "actors/wire.hpp"
#include "apps/instant_chrome.hpp"

#include <chrono>
#include <future>
#include <spdlog/spdlog.h>

namespace berth::apps {

using namespace protocol;
using namespace std::chrono_literals;

chromeless::chromeless(config how, std::shared_ptr<journal::store> journal)
  : how_{std::move(how)},
    loop_{std::make_shared<cdp::io_loop>()},
    journal_{std::move(journal)} {
  spdlog::set_level(spdlog::level::off);
  actors::speak_berth(config_, {});
  actors::run_actors_on(config_, loop_);
  actors::run_network_on(config_, loop_);
  system_ = std::make_unique<caf::actor_system>(config_);
  actors::harbour_start with{how_,
                             actors::always([loop = loop_] {
                               return instant_chrome(loop);
                             }),
                             {},
                             [] {
                               return succession{1, {}, {}};
                             }};
  if (journal_) {
    with.next_epoch = [this] {
      auto begun = journal_->begin_epoch(0, std::chrono::steady_clock::now());
      epoch_ = begun ? begun->epoch : 0;
      return begun;
    };
    with.make_recorder = [this] {
      return make_recorder();
    };
  }
  harbour_ = system_->spawn(actors::harbour, with);
  open_door();
}

void chromeless::open_door() {
  auto held = actors::held_port::take(how_.door.host, 0);
  if (!held)
    return;
  door_ = system_->spawn<caf::detached>(
    actors::front_door,
    actors::on_network(*system_, harbour_, how_,
                       std::make_shared<actors::held_port>(std::move(*held)),
                       [this](const std::shared_ptr<actors::peer_book>& peers) {
                         peers_ = peers;
                         return system_->spawn(
                           actors::gateway,
                           actors::gateway_start{
                             harbour_, how_, steward_, {}, peers});
                       }));
  steward_ = system_->spawn(actors::steward,
                            actors::steward_start{harbour_, door_, 1min,
                                                  [] {
                                                    return true;
                                                  },
                                                  [](const browser_view&) {}});
  auto opened
    = actors::ask<uint16_t>(*system_, door_, 10s, actors::open_door{}).get();
  port_ = opened ? *opened : 0;
}

actors::recorder_actor chromeless::make_recorder() {
  auto memory = system_->spawn(actors::recorder, size_t{how_.events_kept});
  auto writer
    = system_->spawn<caf::detached>(actors::journal_writer, journal_, epoch_);
  return system_->spawn(actors::durable_recorder,
                        actors::durable_start{memory, writer});
}

chromeless::~chromeless() {
  {
    caf::scoped_actor self{*system_};
    self->request(harbour_, 10s, actors::stop_harbour{})
      .receive([] {}, [](const caf::error&) {});
    for (auto& last : {caf::actor_cast<caf::actor>(door_),
                       caf::actor_cast<caf::actor>(steward_)})
      if (last)
        self->send_exit(last, caf::exit_reason::user_shutdown);
  }
  harbour_ = nullptr;
  steward_ = nullptr;
  door_ = nullptr;
}

size_t chromeless::actors() const {
  return system_->registry().running();
}

size_t chromeless::peers() const {
  std::promise<size_t> answer;
  loop_->post([&] {
    answer.set_value(peers_ ? peers_->size() : 0);
  });
  return answer.get_future().get();
}

} // namespace berth::apps

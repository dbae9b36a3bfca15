#include "tests/support/daemon.hpp"

#include "actors/gateway.hpp"
#include "actors/recorder.hpp"

#include <spdlog/spdlog.h>
#include <utility>

namespace berth::tests {

namespace {

void hear(guest::ear& ear, const events& what) {
  ear.heard.insert(ear.heard.end(), what.begin(), what.end());
}

hearing_actor::behavior_type
listen(hearing_actor::pointer self, const std::shared_ptr<guest::ear>& ear) {
  return {
    [=](events& what) -> caf::result<void> {
      if (ear->stopped) {
        ear->waiting.emplace_back(std::move(what),
                                  self->make_response_promise());
        return ear->waiting.back().second;
      }
      hear(*ear, what);
      return caf::unit;
    },
    [=](actors::wake_atom) {
      for (auto& [what, promise] : std::exchange(ear->waiting, {})) {
        hear(*ear, what);
        promise.deliver(caf::unit);
      }
    },
  };
}

} // namespace

// -- guest --------------------------------------------------------------------

guest::guest(world& where, actors::gateway_actor door, client_id id,
             std::string name)
  : where_{&where}, door_{std::move(door)}, id_{id}, name_{std::move(name)} {
  // nop
}

void guest::join() {
  lives_ = true;
  cut_.reset();
  watcher_ = where_->spawn(listen, ear_);
  hello_ = where_->ask<actors::welcome>(
    door_, actors::hello{wire_version, id_, name_, watcher_});
}

bool guest::is_cut() {
  if (!joined())
    return false;
  if (!cut_) {
    cut_ = std::make_shared<bool>(false);
    caf::actor_cast<caf::abstract_actor*>(hello_->value->client)
      ->attach_functor([cut = cut_] {
        *cut = true;
      });
  }
  return *cut_;
}

void guest::die() {
  if (std::exchange(lives_, false))
    where_->kill(watcher_);
}

void guest::stop() {
  ear_->stopped = true;
}

void guest::go_on() {
  ear_->stopped = false;
  caf::anon_send(watcher_, actors::wake_atom_v);
}

void guest::lose_client() {
  if (joined())
    where_->kill(hello_->value->client);
}

void guest::go_half_open(duration silence) {
  caf::exit_msg noticed{watcher_.address(), caf::exit_reason::kill};
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(watcher_), silence,
                         std::move(noticed));
  stop();
  ear_ = std::make_shared<ear>();
  lives_ = false;
}

// -- daemon -------------------------------------------------------------------

daemon::daemon(world& where, const config& how, page_maker make_page)
  : quay{where} {
  using namespace actors;
  spdlog::set_level(spdlog::level::off);
  auto next_epoch = [log = journal_] {
    return succession{++log->epoch, {}};
  };
  auto make_recorder = [&where, log = journal_, kept = how.events_kept] {
    return spawn_journal(where, where.spawn(recorder, size_t{kept}), log);
  };
  harbour_
    = where.spawn(harbour, harbour_start{how, chrome_.factory(), "", next_epoch,
                                         make_recorder, std::move(make_page)});
  gateway_ = where.spawn(gateway, gateway_start{harbour_, how});
}

actors::crew daemon::crew() {
  where_.settle();
  auto result = where_.ask<actors::crew>(harbour_, actors::get_crew{});
  where_.settle();
  return *result->value;
}

} // namespace berth::tests

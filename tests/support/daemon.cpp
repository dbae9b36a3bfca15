#include "tests/support/daemon.hpp"

#include "actors/front_door.hpp"
#include "actors/recorder.hpp"

#include <spdlog/spdlog.h>
#include <utility>

namespace berth::tests {

namespace {

/// Whoever starts it needs a moment to see that the last one is gone.
constexpr duration next_daemon_after = std::chrono::milliseconds{500};

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

const actors::daemon_keys& world_keys() {
  static const auto result = [] {
    actors::daemon_keys x;
    x.lease.fill(7);
    x.operator_.fill(9);
    return x;
  }();
  return result;
}

lease_credential proven(lease_ref x) {
  return actors::prove(world_keys().lease, x);
}

// -- guest --------------------------------------------------------------------

guest::guest(world& where, door at, uint64_t number, std::string name)
  : where_{&where},
    door_{std::move(at)},
    secret_{0, number},
    id_{actors::id_of(secret_)},
    name_{std::move(name)} {
  // nop
}

void guest::join() {
  lives_ = true;
  cut_.reset();
  watcher_ = where_->spawn(listen, ear_);
  said_to_ = door_->address();
  hello_ = where_->ask<actors::welcome>(
    *door_, actors::hello{wire_version, secret_, name_, watcher_, interest::own,
                          actors::prove(world_keys().operator_, secret_)});
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

// -- quay ---------------------------------------------------------------------

fake_chrome& quay::chrome(const browser_name& which) {
  if (which == first_)
    return chrome_;
  return more_.try_emplace(which, where_, chrome_.site()).first->second;
}

std::vector<std::pair<browser_name, fake_chrome*>> quay::chromes() {
  std::vector<std::pair<browser_name, fake_chrome*>> result{{first_, &chrome_}};
  for (auto& [name, x] : more_)
    result.emplace_back(name, &x);
  return result;
}

fake_chrome& quay::chrome_of(const target_id& which) {
  for (auto& [name, x] : chromes())
    if (x->find(which))
      return *x;
  return chrome_;
}

std::vector<page_view> quay::pages() {
  std::vector<page_view> result;
  for (auto& [name, x] : chromes())
    for (auto& page : x->pages())
      result.push_back(std::move(page));
  return result;
}

fake_site& quay::site() {
  return *chrome_.site();
}

// -- daemon -------------------------------------------------------------------

daemon::daemon(world& where, const config& how, page_maker make_page)
  : quay{where, how.browser.name}, how_{how}, make_page_{std::move(make_page)} {
  spdlog::set_level(spdlog::level::off);
  start();
}

daemon::~daemon() {
  *here_ = false;
}

void daemon::start() {
  using namespace actors;
  killed_ = false;
  auto& where = where_;
  auto next_epoch
    = [&where, log = journal_, kept = how_.session.runs_kept_max] {
        return log->begin_epoch(where.now(), kept);
      };
  auto make_recorder = [&where, log = journal_, kept = how_.events_kept] {
    return spawn_journal(where, where.spawn(recorder, size_t{kept}), log);
  };
  auto recall = [log = journal_](session_id which) {
    auto i = log->state.sessions.find(which);
    return i == log->state.sessions.end() ? std::nullopt
                                          : std::optional{i->second};
  };
  auto make_chrome = [this](const browser_settings& x) {
    return outcome<cdp::chrome_factory>{chrome(x.name).factory()};
  };
  harbour_
    = where.spawn(harbour, harbour_start{how_, make_chrome, "", next_epoch,
                                         make_recorder, make_page_, recall});
  auto make = [&where, harbour = harbour_, how = how_] {
    return where.spawn(gateway, gateway_start{harbour, how, {}, world_keys()});
  };
  auto first = std::make_shared<gateway_shell>(make());
  *gateway_ = caf::actor_cast<gateway_actor>(*first);
  front_door_start door{harbour_,
                        [first, make] {
                          auto made = std::exchange(*first, gateway_shell{});
                          return made ? made : make();
                        },
                        [at = gateway_](const gateway_shell& x, uint16_t) {
                          *at = caf::actor_cast<gateway_actor>(x);
                          return caf::expected<uint16_t>{1};
                        },
                        [](const gateway_shell&, uint16_t) {}};
  auto keeper = where.spawn(front_door, std::move(door));
  caf::anon_send(keeper, open_door{});
  // One that gives up is started anew, as by a service manager.
  caf::actor_cast<caf::abstract_actor*>(harbour_)->attach_functor(
    [this, here = here_, keeper] { // Which nobody else knows.
      if (*here && !std::exchange(killed_, true))
        start_soon();
    });
}

/// The supervisor first, or it would have others made.
void daemon::end_process() {
  for (auto name :
       {"harbour", "front_door", "gateway", "client", "operator", "disk",
        "recorder", "logger", "reaper", "session_registry", "session", "page",
        "admission", "lease_registry", "fleet", "browser", "tab"})
    for (auto& x : where_.find(name))
      where_.kill(x);
}

/// Not one that only starts.
void daemon::be_killed() {
  if (killed_ || where_.find("lease_registry").empty())
    return;
  killed_ = true;
  end_process();
  start_soon();
}

void daemon::start_soon() {
  where_.spawn([this, here = here_](caf::event_based_actor* self) {
    self->delayed_send(self, next_daemon_after, actors::wake_atom_v);
    return caf::behavior{
      [this, here, self](actors::wake_atom) {
        if (*here) {
          end_process(); // Who had not run yet could not be found.
          start();
        }
        self->quit();
      },
    };
  });
}

actors::crew daemon::crew() {
  where_.settle();
  auto result = where_.ask<actors::crew>(harbour_, actors::get_crew{});
  where_.settle();
  return *result->value;
}

} // namespace berth::tests

#include "tests/support/daemon.hpp"

#include "actors/admission.hpp"
#include "actors/browser.hpp"
#include "actors/gateway.hpp"
#include "actors/lease_registry.hpp"
#include "actors/reaper.hpp"
#include "actors/recorder.hpp"
#include "actors/session_registry.hpp"

#include <utility>

namespace berth::tests {

namespace {

constexpr uint64_t epoch = 1;

/// Stands in for the supervisor: who serves is known from the start.
actors::harbour_actor::behavior_type
harbour(actors::harbour_actor::pointer, const actors::crew& serving) {
  return {
    [=](const actors::get_crew&) -> caf::result<actors::crew> {
      return serving;
    },
    [](const actors::stop_harbour&) -> caf::result<void> {
      return caf::unit;
    },
  };
}

actors::watcher_actor::behavior_type
listen(actors::watcher_actor::pointer, const std::shared_ptr<events>& into) {
  return {
    [=](const events& what) -> caf::result<void> {
      into->insert(into->end(), what.begin(), what.end());
      return caf::unit;
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
  watcher_ = where_->spawn(listen, heard_);
  hello_ = where_->ask<actors::welcome>(
    door_, actors::hello{wire_version, id_, name_, watcher_});
}

void guest::die() {
  if (std::exchange(lives_, false))
    where_->kill(watcher_);
}

// -- daemon -------------------------------------------------------------------

daemon::daemon(world& where, const config& how, actors::page_factory make_page)
  : quay{where} {
  using namespace actors;
  auto real = where.spawn(recorder, size_t{how.events_kept});
  crew_.epoch = epoch;
  crew_.recorder = spawn_journal(where, real, journal_);
  crew_.browser = where.spawn(
    browser, browser_start{chrome_.factory(), how, crew_.recorder, {}});
  crew_.registry = where.spawn(
    lease_registry, registry_start{epoch, how, crew_.recorder, crew_.browser});
  crew_.admission
    = where.spawn(admission, admission_start{how, crew_.recorder, crew_.browser,
                                             crew_.registry});
  crew_.sessions = where.spawn(
    session_registry,
    session_registry_start{how, crew_.recorder, std::move(make_page)});
  reaper_
    = where.spawn(reaper, reaper_start{how, crew_.browser, crew_.recorder});
  auto supervisor = where.spawn(harbour, crew_);
  gateway_ = where.spawn(gateway, gateway_start{supervisor, how});
}

} // namespace berth::tests

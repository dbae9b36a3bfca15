#include "actors/harbour.hpp"

#include "actors/admission.hpp"
#include "actors/errors.hpp"
#include "actors/lease_registry.hpp"
#include "actors/logger.hpp"
#include "actors/recorder.hpp"
#include "actors/session_registry.hpp"

namespace berth::actors {

namespace {

using self_ptr = harbour_shell::stateful_pointer<harbour_state>;

/// More than any crew opens.
constexpr uint64_t sessions_per_crew = 1'000'000;

constexpr duration look_for_runs_every = std::chrono::milliseconds{100};
constexpr duration calm_patience = std::chrono::seconds{5};

/// A number that an earlier crew gave never means a session of a later one, not
/// even if nobody wrote it down.
session_id last_session(const harbour_state& x, const journal_state& left) {
  bool unknown = x.with.how.journal.keep == durability::memory;
  return unknown ? session_id{(x.crews - 1) * sessions_per_crew}
                 : left.last_session;
}

std::vector<caf::actor> members(const harbour_state& x) {
  std::vector<caf::actor> result;
  auto add = [&](const auto& member) {
    if (member)
      result.push_back(caf::actor_cast<caf::actor>(member));
  };
  add(x.log);
  add(x.serving.sessions);
  add(x.serving.admission);
  add(x.serving.registry);
  add(x.serving.fleet);
  add(x.serving.recorder);
  return result;
}

/// What was granted when browsers had no names was granted in the only one.
void name_browsers(succession& x, const browser_name& first) {
  for (auto& [id, row] : x.left.leases)
    if (!row.browser)
      row.browser = first;
  for (auto& tab : x.astray)
    if (!tab.browser)
      tab.browser = first;
}

/// Has a thread of its own if the harbour has one: both may wait for the disk.
recaller_actor make_recaller(self_ptr self) {
  auto& recall = self->state.with.recall;
  if (!recall)
    return {};
  return self->getf(caf::abstract_actor::is_detached_flag)
           ? self->spawn<caf::detached>(recaller, recall)
           : self->spawn(recaller, recall);
}

/// Everyone is born with the handles of those it needs.
void man(self_ptr self) {
  auto& [with, now, browsers, log, budget, crews, draining, calm, stopping,
         stopped]
    = self->state;
  ++crews;
  auto begun = with.next_epoch();
  if (!begun) {
    self->quit(to_error(begun.error()));
    return;
  }
  now.epoch = begun->epoch;
  now.recorder = with.make_recorder
                   ? with.make_recorder()
                   : self->spawn(recorder, size_t{with.how.events_kept});
  log = self->spawn(logger, now.recorder);
  name_browsers(*begun, browsers.browsers.front().name);
  std::vector<lease> kept;
  for (auto& [id, row] : begun->left.leases)
    kept.push_back(std::move(row));
  now.fleet = self->spawn(
    fleet, fleet_start{with.make_chrome, with.how, now.recorder,
                       harbour_actor{self}, browsers, with.downloads, kept,
                       std::move(begun->astray), with.configured});
  now.registry = self->spawn(
    lease_registry,
    registry_start{now.epoch, with.how, now.recorder, now.fleet, kept});
  now.admission
    = self->spawn(admission, admission_start{with.how, now.recorder, now.fleet,
                                             now.registry, browsers, kept});
  now.sessions = self->spawn(
    session_registry, session_registry_start{
                        with.how, now.recorder,
                        [make = with.make_page, crew = now](
                          const page_listener_actor& for_whom, session_id id) {
                          return make(crew, for_whom, id);
                        },
                        last_session(self->state, begun->left),
                        std::move(begun->left.sessions), make_recaller(self)});
  for (auto& member : members(self->state))
    self->monitor(member);
}

/// Another crew, with the leases and sessions that this one has written down.
/// Not for Chrome that cannot be had: the next crew could not have it either.
void change_crew(self_ptr self, const caf::error& why, bool hopeless) {
  auto& state = self->state;
  for (auto& member : members(state)) {
    self->demonitor(member.address());
    // Who waits for a session hears of an accident, not of a daemon that ends.
    if (member == state.serving.sessions)
      self->send_exit(member, to_error(fail(errc::internal, "an accident")));
    else
      self->send_exit(member, caf::exit_reason::user_shutdown);
  }
  auto wait = hopeless ? std::nullopt : state.budget.spend(self->clock().now());
  if (!wait) {
    self->quit(why);
    return;
  }
  // Who of them also died meanwhile is nobody's any more: else another crew
  // would start for each.
  state.serving = {};
  state.log = nullptr;
  self->delayed_send(self, *wait, wake_atom_v);
}

/// One of them died. Chrome that cannot be had is nobody's accident: starting
/// the crew again would not bring it back. But a later crew has not seen Chrome
/// that was there before: it may only have started badly this once.
void replace(self_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  auto crew_now = members(state);
  bool one_of_us = std::ranges::any_of(crew_now, [&](const auto& x) {
    return x.address() == down.source;
  });
  if (!one_of_us || state.stopping)
    return;
  bool no_chrome = to_failure(down.reason).code == errc::browser_unavailable
                   && state.crews == 1;
  change_crew(self, down.reason, no_chrome);
}

/// Nothing more to wait for.
void call_it_calm(self_ptr self) {
  for (auto& x : std::exchange(self->state.calm, {}))
    x.answer.deliver(caf::unit);
}

/// Looks again until no run is under way. Those that still are when it takes
/// too long go on under the next daemon.
void look_for_runs(self_ptr self) {
  auto& state = self->state;
  auto now = self->clock().now();
  std::erase_if(state.calm, [now](harbour_state::awaited_calm& x) {
    if (x.deadline <= now)
      x.answer.deliver(caf::unit);
    return x.deadline <= now;
  });
  if (state.calm.empty())
    return;
  if (!state.serving.sessions) {
    call_it_calm(self);
    return;
  }
  self->request(state.serving.sessions, calm_patience, list_sessions{})
    .then(
      [self](const session_list& x) {
        if (std::ranges::any_of(x.sessions, [](const session_view& session) {
              return bool{session.owner};
            }))
          self->delayed_send(self, look_for_runs_every, wake_atom_v);
        else
          call_it_calm(self);
      },
      [self](const caf::error&) {
        call_it_calm(self);
      });
}

caf::result<void> await_end_of_runs(self_ptr self, duration within) {
  auto& state = self->state;
  state.draining = true;
  auto promise = self->make_response_promise();
  state.calm.push_back({promise, self->clock().now() + within});
  if (state.calm.size() == 1)
    look_for_runs(self);
  return promise;
}

/// Whoever comes next finds leases, tabs and runs as they are.
caf::result<void> leave(self_ptr self) {
  self->state.stopping = true;
  call_it_calm(self);
  for (auto& x : std::exchange(self->state.stopped, {}))
    x.deliver(caf::unit);
  for (auto& member : members(self->state))
    self->send_exit(member, caf::exit_reason::user_shutdown);
  self->quit();
  return caf::unit;
}

/// Of the browser that may take longest.
duration stop_patience(const harbour_state& state) {
  duration longest{};
  for (const auto& x : state.browsers.browsers)
    longest = std::max(longest, x.stop_within);
  return 2 * longest + std::chrono::seconds{10};
}

/// Conversations first: their runs go on under the next daemon. Then leases are
/// over, and at last Chrome.
caf::result<void> stop(self_ptr self) {
  auto& state = self->state;
  auto promise = self->make_response_promise();
  state.stopped.push_back(promise);
  if (std::exchange(state.stopping, true))
    return promise; // It is under way.
  auto done = [=] {
    for (auto& member : members(self->state))
      self->send_exit(member, caf::exit_reason::user_shutdown);
    call_it_calm(self);
    for (auto& x : std::exchange(self->state.stopped, {}))
      x.deliver(caf::unit);
    self->quit();
  };
  auto& crew = state.serving;
  if (!crew.registry || !crew.fleet) {
    done();
    return promise;
  }
  if (crew.sessions)
    self->send_exit(crew.sessions, caf::exit_reason::user_shutdown);
  auto patience = stop_patience(state);
  auto end_chrome = [=]() mutable {
    self->request(self->state.serving.fleet, patience, stop_browser{})
      .then(done, [done](const caf::error&) {
        done();
      });
  };
  self->request(crew.registry, patience, end_leases{})
    .then(end_chrome, [end_chrome](const caf::error&) mutable {
      end_chrome();
    });
  return promise;
}

} // namespace

harbour_shell::behavior_type harbour(self_ptr self, const harbour_start& with) {
  self->state.with = with;
  self->state.budget = restart_budget{with.how.restart};
  self->state.browsers.browsers = browsers_of(with.how);
  self->set_down_handler([self](const caf::down_msg& down) {
    replace(self, down);
  });
  man(self);
  return {
    [self](const get_crew&) -> caf::result<crew> {
      auto& state = self->state;
      if (state.stopping || state.draining)
        return to_error(fail(errc::stopping, "The daemon is stopping."));
      if (!state.serving.registry) {
        auto why = fail(errc::browser_unavailable,
                        "The daemon recovers from an internal failure.");
        why.retry_after = state.with.how.restart.backoff_max;
        return to_error(why);
      }
      return state.serving;
    },
    [self](const replace_crew& x) {
      auto& state = self->state;
      if (!state.stopping && state.serving.registry)
        change_crew(self, to_error(x.why), false);
    },
    [self](const await_calm& x) {
      return await_end_of_runs(self, x.within);
    },
    [self](const roster& x) {
      self->state.browsers = x;
    },
    [self](const stop_harbour& x) {
      return x.in_order ? stop(self) : leave(self);
    },
    [self](wake_atom) {
      auto& state = self->state;
      if (!state.calm.empty())
        look_for_runs(self);
      else if (!state.stopping && !state.draining)
        man(self);
    },
  };
}

} // namespace berth::actors

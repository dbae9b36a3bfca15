#include "actors/lease_registry.hpp"

#include "actors/errors.hpp"
#include "actors/lease_changes.hpp"
#include "actors/lease_drivers.hpp"
#include "actors/lease_words.hpp"
#include "actors/patience.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace berth::actors {

namespace {

using self_ptr = lease_registry_shell::stateful_pointer<registry_state>;

/// A machine that works is never so late.
constexpr duration stall_min = std::chrono::seconds{6};

void settle(self_ptr self, const lease_decision& decision);

/// With its row, if that is not about to go.
record
record_of(registry_state& state, const lease_event& what, lease_id which) {
  record result;
  if (auto told = describe(what))
    result.what.push_back(std::move(*told));
  auto row = state.table.find(which);
  auto i = state.entries.find(which);
  if (row && i != state.entries.end() && !i->second.ending) {
    result.rows.emplace_back(*row);
    ++i->second.rows;
  }
  return result;
}

/// Runs `next` once the event is durable. If it cannot be, the lease ends:
/// nobody was told of it.
template <class Next>
void write_down(self_ptr self, const lease_event& what, lease_id which,
                Next next) {
  self
    ->request(self->state.with.recorder, record_patience,
              record_of(self->state, what, which))
    .then(next, [=](const caf::error& why) {
      if (auto i = self->state.entries.find(which);
          i != self->state.entries.end())
        i->second.why = to_failure(why);
      settle(self, self->state.table.end(which, end_reason::not_opened,
                                         self->clock().now()));
    });
}

/// What was said to be given back must not live on under the next crew.
void tell_when_durable(self_ptr self, std::vector<caf::response_promise> whom) {
  auto all = std::make_shared<std::vector<caf::response_promise>>();
  *all = std::move(whom);
  self->request(self->state.with.recorder, recorder_patience, record{})
    .then(
      [all] {
        for (auto& x : *all)
          x.deliver(caf::unit);
      },
      [all](caf::error& why) {
        for (auto& x : *all)
          x.deliver(why);
      });
}

/// The tab is gone, or there never was one: the slot is free.
void forget(self_ptr self, lease_id which) {
  auto slot = self->state.table.closed(which);
  auto entry = self->state.entries.extract(which);
  if (!slot || !entry)
    return;
  self->send(entry.mapped().admission, return_slot{*slot});
  auto& told = entry.mapped().closed;
  if (entry.mapped().written)
    for (auto& x : told)
      x.deliver(caf::unit);
  else if (!told.empty())
    tell_when_durable(self, std::move(told));
}

/// Carries out one event. Nothing else in this file acts on the world.
struct carry_out {
  self_ptr self;

  /// The row is there: record it, and only then have its tab made.
  void operator()(const lease_granted& x) const {
    auto self_ = self;
    auto id = x.lease.id;
    write_down(self, x, id, [=] {
      auto& state = self_->state;
      auto row = state.table.find(id);
      if (!row || row->state != lease_state::opening)
        return;
      self_
        ->request(state.with.fleet, 2 * state.with.how.tab.open_within,
                  open_tab{*row, self_})
        .then(
          [=](const opened_tab& tab) {
            opened(self_, id, tab);
          },
          [=](const caf::error& why) {
            not_opened(self_, id, why);
          });
    });
  }

  /// A tab of its own: answer, once that is durable.
  void operator()(const lease_bound& x) const {
    auto self_ = self;
    auto row = x.lease;
    write_down(self, x, row.id, [=] {
      auto i = self_->state.entries.find(row.id);
      auto now = self_->state.table.find(row.id);
      if (i == self_->state.entries.end() || !now
          || now->state != lease_state::bound || !i->second.opened.pending())
        return;
      i->second.opened.deliver(
        opened_lease{to_grant(*now, self_->clock().now()), i->second.tab});
    });
  }

  void operator()(const lease_renewed&) const {
    // nop: only the deadline moved.
  }

  /// It has happened, whenever the journal takes it.
  void operator()(const lease_orphaned& x) const {
    caf::anon_send(self->state.with.recorder,
                   record_of(self->state, x, x.lease.id));
  }

  /// No command passes from now on; then the tab goes, then the slot.
  void operator()(const lease_ended& x) const {
    auto id = x.lease.id;
    auto& entry = self->state.entries.at(id);
    auto why = entry.why.code != errc::ok ? entry.why : ended(x.lease, x.why);
    if (entry.tab)
      self->send<caf::message_priority::high>(entry.tab, tab_closed{why});
    if (entry.opened.pending())
      entry.opened.deliver(to_error(why));
    for (auto& seeker : std::exchange(entry.seekers, {}))
      seeker.deliver(to_error(why));
    // One that is being written down is not told twice. If that fails,
    // `do_not_end` tells of it.
    if (!entry.ending)
      caf::anon_send(self->state.with.recorder, record{{*describe(x)}});
    auto self_ = self;
    auto patience = 2 * self->state.with.how.tab.open_within;
    self->request(self->state.with.fleet, patience, close_tabs{id})
      .then(
        [=] {
          forget(self_, id);
        },
        [=](const caf::error&) {
          forget(self_, id);
        });
  }

  static void opened(self_ptr self, lease_id id, const opened_tab& x) {
    auto row = self->state.table.find(id);
    if (!row || row->state != lease_state::opening)
      return; // It ended meanwhile; the browser was told to close it.
    self->state.entries.at(id).tab = x.tab;
    self->monitor(x.tab);
    settle(self, self->state.table.bind({{id, row->token}, x.target, 1},
                                        self->clock().now()));
  }

  static void not_opened(self_ptr self, lease_id id, const caf::error& why) {
    auto row = self->state.table.find(id);
    if (!row || row->state != lease_state::opening)
      return;
    self->state.entries.at(id).why = to_failure(why);
    settle(self, self->state.table.end(id, end_reason::not_opened,
                                       self->clock().now()));
  }
};

/// Turns a decision into acts. Its verdict is the caller's to answer.
void settle(self_ptr self, const lease_decision& decision) {
  for (const auto& x : decision.events)
    std::visit(carry_out{self}, x);
  self->state.alarm.arm(self, self->state.table.next_deadline());
}

caf::result<opened_lease> open(self_ptr self, const open_lease& x) {
  auto& state = self->state;
  auto decision = state.table.grant(x.what, self->clock().now());
  if (decision.verdict != errc::ok) {
    self->send(x.admission, return_slot{x.what.slot});
    return refuse(decision.verdict, {}, state.with.how.lease);
  }
  auto promise = self->make_response_promise<opened_lease>();
  auto& granted = std::get<lease_granted>(decision.events.back());
  auto& entry = state.entries[granted.lease.id];
  entry.admission = x.admission;
  entry.opened = promise;
  settle(self, decision);
  return promise;
}

/// Of a recovered tab. One that the journal does not take stays lost.
caf::result<void> bind(self_ptr self, const bind_lease& x) {
  auto decision = self->state.table.bind(x, self->clock().now());
  if (decision.verdict != errc::ok)
    return refuse(decision.verdict, x.lease, self->state.with.how.lease);
  // Its end is on its way. If that is refused its row is written as it is.
  if (self->state.is_ending(x.lease.lease))
    return caf::unit;
  auto promise = self->make_response_promise();
  for (auto& event : decision.events)
    self
      ->request(self->state.with.recorder, recorder_patience,
                record_of(self->state, event, x.lease.lease))
      .then(
        [promise]() mutable {
          promise.deliver(caf::unit);
        },
        [promise](const caf::error& why) mutable {
          promise.deliver(to_error(to_failure(why)));
        });
  settle(self, {errc::ok, {}});
  return promise;
}

/// A grant that was not answered yet reaches nobody over a connection that is
/// gone: what nobody knows of must not live on, whoever holds it.
void end_unanswered(self_ptr self, client_id whom) {
  auto& state = self->state;
  auto now = self->clock().now();
  std::vector<lease_id> unanswered;
  for (auto& [id, entry] : state.entries)
    if (auto row = state.table.find(id);
        row && row->client == whom && entry.opened.pending())
      unanswered.push_back(id);
  for (auto id : unanswered)
    settle(self, state.table.end(id, end_reason::client_gone, now));
}

/// Of one browser, because an operator took that away; or of all.
void end_all(self_ptr self, const browser_name& of) {
  auto& table = self->state.table;
  std::vector<lease_id> all;
  for (auto& [id, entry] : self->state.entries)
    if (auto row = table.find(id); row && (!of || row->browser == of))
      all.push_back(id);
  auto why = of ? end_reason::revoked : end_reason::daemon_gone;
  for (auto id : all)
    settle(self, table.end(id, why, self->clock().now()));
}

// -- what lives on -----------------------------------------------------------

/// Whoever joins meanwhile would find a lease without its tab.
void revived(self_ptr self) {
  if (--self->state.reviving > 0)
    return;
  self->state.table.begin(self->clock().now());
  settle(self, {errc::ok, {}});
  for (auto& answer : std::exchange(self->state.joining, {}))
    answer();
}

std::vector<opened_lease> held_by(self_ptr self, client_id whom) {
  std::vector<opened_lease> result;
  auto now = self->clock().now();
  for (auto& [id, entry] : self->state.entries)
    if (auto row = self->state.table.find(id);
        row && belongs_to(*row, whom) && entry.tab
        && self->state.table.check({id, row->token}, now) == errc::ok)
      result.push_back({to_grant(*row, now), entry.tab});
  return result;
}

lease_list tell_leases(const registry_state& state, timestamp now) {
  lease_list result{list(state.table, state.holders, now),
                    state.holders.size()};
  for (auto& x : result.leases)
    if (auto i = state.entries.find(x.lease); i != state.entries.end())
      x.lost = i->second.lost;
  return result;
}

caf::result<std::vector<opened_lease>>
join(self_ptr self, const join_client& x) {
  end_unanswered(self, x.client);
  self->state.holders[x.client] = {x.name, x.pid};
  settle(self, self->state.table.join(x.client, self->clock().now()));
  if (self->state.reviving == 0)
    return held_by(self, x.client);
  auto promise = self->make_response_promise<std::vector<opened_lease>>();
  self->state.joining.push_back([=, whom = x.client]() mutable {
    promise.deliver(held_by(self, whom));
  });
  return promise;
}

} // namespace

void end_as_failed(lease_registry_ptr self, lease_id which,
                   const failure& why) {
  auto i = self->state.entries.find(which);
  if (i == self->state.entries.end())
    return;
  if (i->second.why.code == errc::ok)
    i->second.why = why;
  settle(self,
         self->state.table.end(which, end_reason::failed, self->clock().now()));
}

lease_registry_shell::behavior_type
lease_registry(self_ptr self, const registry_start& with) {
  self->state.with = with;
  auto limits = with.how.lease;
  limits.stall_min = stall_min;
  self->state.table = lease_table{with.epoch, limits};
  for (const auto& row : with.kept)
    self->state.table.keep(row, self->clock().now());
  self->state.reviving = 1; // Until admission is there.
  self->set_down_handler([self](const caf::down_msg& down) {
    lost_driver(self, down);
  });
  auto carry = [self](const lease_decision& x) {
    settle(self, x);
  };
  return {
    [self](const revive_leases& x) {
      revive_tabs(self, x.admission, [self] {
        revived(self);
      });
      revived(self);
    },
    [self](const join_client& x) {
      return join(self, x);
    },
    [self](const drop_client& x) {
      auto& table = self->state.table;
      auto now = self->clock().now();
      self->state.holders.erase(x.client);
      settle(self, x.said_goodbye ? table.leave(x.client, now)
                                  : table.drop(x.client, now));
      end_unanswered(self, x.client);
    },
    [self](const open_lease& x) {
      return open(self, x);
    },
    [self](const bind_lease& x) {
      return bind(self, x);
    },
    [self, carry](const renew_lease& x) {
      return renew_when_durable(self, x, carry);
    },
    [self, carry](const release_lease& x) {
      auto& which = x.lease.ref;
      return end_when_durable(
        self, which, self->state.table.check(which, self->clock().now()),
        end_reason::released, carry);
    },
    [self, carry](const revoke_lease& x) {
      auto row = self->state.table.find(x.lease);
      bool there = row && row->state != lease_state::closing;
      return end_when_durable(self, {x.lease, {}},
                              there ? errc::ok : errc::lease_gone,
                              end_reason::revoked, carry);
    },
    [self](const end_leases& x) -> caf::result<void> {
      end_all(self, x.of);
      return caf::unit;
    },
    [self](const note_activity& x) {
      settle(self,
             self->state.table.touch(x.lease, self->clock().now() - x.ago));
    },
    [self](const find_tab& x) {
      return find_driver(self, x.lease);
    },
    [self](const note_tab& x) {
      auto row = self->state.table.find(x.lease.lease);
      auto entry = self->state.entries.find(x.lease.lease);
      if (row && row->token == x.lease.token
          && entry != self->state.entries.end())
        entry->second.lost = x.lost;
    },
    [self](const get_leases&) -> caf::result<lease_list> {
      return tell_leases(self->state, self->clock().now());
    },
    [self](wake_atom) {
      self->state.alarm.rang(self->clock().now());
      settle(self, self->state.table.expire(self->clock().now()));
    },
  };
}

} // namespace berth::actors

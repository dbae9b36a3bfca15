#include "actors/admission.hpp"

#include "actors/errors.hpp"

namespace berth::actors {

namespace {

using self_ptr = admission_shell::stateful_pointer<admission_state>;
using waiter = admission_state::waiter;

/// Has the registry make the lease. The slot is the registry's to return.
void open(self_ptr self, slot_id slot, waiter whom) {
  auto& how = self->state.with.how;
  auto& x = whom.request;
  open_lease order{{x.client, x.key, slot, x.kind, x.profile, x.ttl, x.grace},
                   self};
  auto promise = std::move(whom.promise);
  self
    ->request(self->state.with.registry, 2 * how.tab.open_within,
              std::move(order))
    .then(
      [promise](opened_lease& lease) mutable {
        promise.deliver(std::move(lease));
      },
      [promise](caf::error& why) mutable {
        promise.deliver(std::move(why));
      });
}

/// Carries out one event. Nothing else in this file acts on the world.
struct carry_out {
  self_ptr self;
  waiter* asker; ///< Whose request is being decided; null if nobody's is.

  void operator()(const slot_granted& x) const {
    if (!x.ticket) {
      assert(asker);
      open(self, x.slot, std::move(*asker));
      return;
    }
    auto entry = self->state.waiters.extract(x.ticket);
    assert(entry);
    open(self, x.slot, std::move(entry.mapped()));
  }

  void operator()(const ticket_issued& x) const {
    assert(asker);
    self->state.waiters.emplace(x.ticket.id, std::move(*asker));
  }

  void operator()(const ticket_ended& x) const {
    if (auto entry = self->state.waiters.extract(x.ticket))
      entry.mapped().promise.deliver(
        to_error(fail(x.why, "Ticket " + std::to_string(x.ticket.value)
                               + " for key '" + x.key.value + "' is void.")));
  }

  void operator()(const slot_returned&) const {
    // nop: whoever gets the slot now has an event of its own.
  }
};

/// Tells the holders who could do without their slots.
void answer_offers(self_ptr self) {
  auto& offers = self->state.offers;
  for (auto i = offers.begin(); i != offers.end();)
    if (self->state.queue.is_wanted(i->second.key)) {
      i->second.promise.deliver(caf::unit);
      i = offers.erase(i);
    } else
      ++i;
}

void withdraw_offer(self_ptr self, client_id whose) {
  if (auto old = self->state.offers.extract(whose))
    old.mapped().promise.deliver(
      to_error(fail(errc::ticket_unknown, "The offer was withdrawn.")));
}

/// Turns a decision into acts; what it refuses is the caller's to answer.
void settle(self_ptr self, const admission_decision& decision,
            waiter* asker = nullptr) {
  events happened;
  for (const auto& x : decision.events)
    if (auto told = describe(x))
      happened.push_back(std::move(*told));
  if (!happened.empty())
    caf::anon_send(self->state.with.recorder, record{std::move(happened)});
  for (const auto& x : decision.events)
    std::visit(carry_out{self, asker}, x);
  answer_offers(self);
  self->state.alarm.arm(self, self->state.queue.next_deadline());
}

queue_view look(self_ptr self) {
  auto now = self->clock().now();
  auto& queue = self->state.queue;
  queue_view result;
  result.active = queue.active();
  std::map<work_key, key_view> keys;
  auto waiting = queue.waiting(now);
  for (auto& x : waiting)
    ++keys[x.key].waiting;
  for (auto& key : queue.keys())
    keys[key];
  for (auto& [key, view] : keys) {
    view.key = key;
    view.active = queue.active(key);
    view.cap = queue.cap(key);
    result.keys.push_back(view);
  }
  for (auto& x : waiting)
    result.tickets.push_back(
      {x.id, x.client, x.key, x.ahead, x.estimate, x.deadline - now});
  return result;
}

} // namespace

admission_shell::behavior_type
admission(self_ptr self, const admission_start& with) {
  self->state.with = with;
  self->state.queue = admission_queue{with.how.admission};
  for (const auto& x : with.kept)
    self->state.queue.keep(x.slot, x.key, self->clock().now());
  self->send(with.registry, revive_leases{self});
  self->send(with.browser, watch_tabs{self});
  return {
    [self](const acquire& x) -> caf::result<opened_lease> {
      auto promise = self->make_response_promise<opened_lease>();
      waiter asker{x, promise};
      auto decision
        = self->state.queue.ask({x.client, x.key, x.wait}, self->clock().now());
      settle(self, decision, &asker);
      if (decision.why.code != errc::ok)
        promise.deliver(to_error(decision.why));
      return promise;
    },
    [self](const cancel_ticket& x) -> caf::result<void> {
      auto decision
        = self->state.queue.cancel(x.client, x.ticket, self->clock().now());
      settle(self, decision);
      if (decision.why.code != errc::ok)
        return to_error(decision.why);
      return caf::unit;
    },
    [self](const return_slot& x) {
      settle(self, self->state.queue.give_back(x.slot, self->clock().now()));
    },
    [self](const note_extra_tabs& x) {
      settle(self,
             self->state.queue.note_extra_tabs(x.count, self->clock().now()));
    },
    [self](const offer_slot& x) -> caf::result<void> {
      withdraw_offer(self, x.client);
      auto promise = self->make_response_promise();
      self->state.offers[x.client] = {x.key, promise};
      answer_offers(self);
      return promise;
    },
    [self](const drop_client& x) {
      withdraw_offer(self, x.client);
      settle(self, self->state.queue.drop(x.client, self->clock().now()));
    },
    [self](const get_queue&) -> caf::result<queue_view> {
      return look(self);
    },
    [self](wake_atom) {
      self->state.alarm.rang(self->clock().now());
      settle(self, self->state.queue.expire(self->clock().now()));
    },
  };
}

} // namespace berth::actors

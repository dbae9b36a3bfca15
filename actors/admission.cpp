#include "actors/admission.hpp"

#include "actors/errors.hpp"
#include "actors/lease_registry.hpp"

namespace berth::actors {

namespace {

using self_ptr = admission_shell::stateful_pointer<admission_state>;
using waiter = admission_state::waiter;

/// Has the registry make the lease. The slot is the registry's to return.
void open(self_ptr self, const slot_granted& slot, waiter whom) {
  auto& how = self->state.with.how;
  auto& x = whom.request;
  open_lease order{{x.by.client, x.key, slot.slot, x.kind, x.profile, x.ttl,
                    x.grace, slot.browser},
                   self};
  auto promise = std::move(whom.promise);
  self
    ->request(self->state.with.registry,
              open_lease_within(how) + patience_margin, std::move(order))
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
      open(self, x, std::move(*asker));
      return;
    }
    auto entry = self->state.waiters.extract(x.ticket);
    assert(entry);
    open(self, x, std::move(entry.mapped()));
  }

  void operator()(const ticket_issued& x) const {
    assert(asker);
    self->state.waiters.emplace(x.ticket.id, std::move(*asker));
  }

  void operator()(const ticket_ended& x) const {
    auto entry = self->state.waiters.extract(x.ticket);
    if (!entry)
      return;
    auto what = "Ticket " + std::to_string(x.ticket.value) + " for key '"
                + x.key.value + "' is void.";
    entry.mapped().promise.deliver(
      to_error(fail(x.why, x.words.empty() ? what : x.words)));
  }

  void operator()(const slot_returned&) const {
    // nop: whoever gets the slot now has an event of its own.
  }
};

/// Tells the holders who could do without their slots.
void answer_offers(self_ptr self) {
  auto& offers = self->state.offers;
  for (auto i = offers.begin(); i != offers.end();)
    if (self->state.board.is_wanted(i->second.where, i->second.key)) {
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
  self->state.alarm.arm(self, self->state.board.next_deadline());
}

queue_view look(self_ptr self) {
  auto now = self->clock().now();
  auto& board = self->state.board;
  queue_view result;
  for (const auto& name : board.names()) {
    auto& queue = *board.find(name);
    auto& most = queue.most();
    result.active += queue.active();
    result.browsers.push_back(
      {name, queue.active(), most.global, most.tabs, queue.waiters()});
    for (const auto& key : queue.keys())
      result.keys.push_back(
        {key, queue.active(key), queue.cap(key), queue.waiters(key), name});
  }
  for (const auto& x : board.waiting(now))
    result.tickets.push_back({x.id, x.client, x.key, x.ahead, x.estimate,
                              x.deadline - now, x.browser});
  return result;
}

/// Its caps are its own.
void stand(self_ptr self, const browser_settings& how,
           const browser_standing& so) {
  auto caps = config_for(self->state.with.how, how).admission;
  settle(self, self->state.board.stand(so, caps, self->clock().now()));
}

/// A session stays in its browser, unless that is gone.
browser_name wanted(self_ptr self, const acquire& x) {
  bool homeless
    = session_of(x.by.client) && !self->state.board.knows(x.browser);
  return homeless ? browser_name{} : x.browser;
}

} // namespace

admission_shell::behavior_type
admission(self_ptr self, const admission_start& with) {
  self->state.with = with;
  for (const auto& x : with.who.browsers)
    stand(self, x,
          {x.name,
           browser_health::starting,
           with.who.draining.contains(x.name),
           "",
           {}});
  for (const auto& x : with.kept)
    self->state.board.keep(x.browser, x.slot, x.key, self->clock().now());
  self->send(with.registry, revive_leases{self});
  self->send(with.fleet, watch_tabs{self, with.registry});
  return {
    [self](const acquire& x) -> caf::result<opened_lease> {
      auto promise = self->make_response_promise<opened_lease>();
      waiter asker{x, promise};
      auto decision = self->state.board.ask(
        {x.by.client, x.key, x.wait, wanted(self, x)}, self->clock().now());
      settle(self, decision, &asker);
      if (decision.why.code != errc::ok)
        promise.deliver(to_error(decision.why));
      return promise;
    },
    [self](const cancel_ticket& x) -> caf::result<void> {
      auto decision
        = self->state.board.cancel(x.by.client, x.ticket, self->clock().now());
      settle(self, decision);
      if (decision.why.code != errc::ok)
        return to_error(decision.why);
      return caf::unit;
    },
    [self](const return_slot& x) {
      settle(self, self->state.board.give_back(x.slot, self->clock().now()));
    },
    [self](const note_extra_tabs& x) {
      settle(self, self->state.board.note_extra_tabs(x.where, x.count,
                                                     self->clock().now()));
    },
    [self](const note_standing& x) {
      stand(self, x.how, x.now);
    },
    [self](const forget_browser& x) {
      settle(self, self->state.board.remove(x.which, self->clock().now()));
    },
    [self](const offer_slot& x) -> caf::result<void> {
      withdraw_offer(self, x.client);
      auto promise = self->make_response_promise();
      self->state.offers[x.client] = {x.key, x.where, promise};
      answer_offers(self);
      return promise;
    },
    [self](const drop_client& x) {
      withdraw_offer(self, x.client);
      settle(self, self->state.board.drop(x.client, self->clock().now()));
    },
    [self](const get_queue&) -> caf::result<queue_view> {
      return look(self);
    },
    [self](wake_atom) {
      self->state.alarm.rang(self->clock().now());
      settle(self, self->state.board.expire(self->clock().now()));
    },
  };
}

} // namespace berth::actors

#include "actors/session.hpp"

#include "actors/errors.hpp"
#include "protocol/session_journal.hpp"

namespace berth::actors {

namespace {

using self_ptr = session_shell::stateful_pointer<conversation>;

/// The epoch of the run that has the session.
std::optional<run_ref> under_way(const session_machine& rules) {
  auto owner = rules.find(rules.row().owner);
  return owner ? std::optional{run_ref{owner->id, owner->leg}} : std::nullopt;
}

const page_actor& page_of(self_ptr self) {
  auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
  if (!page) {
    page = with.make_page(self, with.id);
    self->monitor(page);
  }
  return page;
}

/// How the run is now, or what little is known of one that is forgotten.
run_view look_at_run(self_ptr self, const answer_waiter& x) {
  auto& rules = *self->state.rules;
  if (auto known = rules.find(x.run))
    return look_at(rules, *known, self->clock().now());
  run_view result;
  result.session = self->state.with.id;
  result.run = x.run;
  result.state = x.state;
  result.why = x.why;
  return result;
}

/// Carries out one act. Nothing else in this file acts on the world.
struct carry_out {
  self_ptr self;

  /// What the page side is to do.
  template <class Act>
  void operator()(const Act& x) const {
    self->send(page_of(self), x);
  }

  void operator()(const leave_tab& x) const {
    auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
    if (page)
      self->send(page, x);
    self->send(with.registry, session_over{with.id});
  }

  void operator()(const answer_waiter& x) const {
    auto entry = self->state.waiters.extract(x.waiter);
    assert(entry);
    if (x.why.code == errc::client_gone)
      entry.mapped().deliver(to_error(x.why));
    else
      entry.mapped().deliver(look_at_run(self, x));
  }
};

/// Turns a decision into acts. Its verdict is the caller's to answer.
void settle(self_ptr self, const session_decision& decision) {
  auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
  events happened;
  for (const auto& x : decision.events)
    happened.push_back(describe(with.id, x, self->clock().now()));
  if (!happened.empty())
    caf::anon_send(with.recorder, record{std::move(happened)});
  for (const auto& x : decision.acts)
    std::visit(carry_out{self}, x);
  alarm.arm(self, rules->next_deadline());
}

/// The answer to whoever does not wait.
caf::result<run_view>
answer_run(self_ptr self, const session_decision& decision) {
  if (decision.why.code != errc::ok)
    return to_error(decision.why);
  auto& rules = *self->state.rules;
  return look_at(rules, *rules.find(decision.run), self->clock().now());
}

caf::result<session_view>
answer_session(self_ptr self, const session_decision& decision) {
  settle(self, decision);
  if (decision.why.code != errc::ok)
    return to_error(decision.why);
  return look_at(*self->state.rules, self->clock().now());
}

/// The call is answered by an act, now or some day.
caf::result<run_view>
park(self_ptr self, waiter_id waiter, const session_decision& decision) {
  auto promise = self->make_response_promise<run_view>();
  self->state.waiters.emplace(waiter, promise);
  settle(self, decision);
  return promise;
}

caf::result<run_view> send(self_ptr self, send_prompt& x) {
  auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
  x.waiter = {++last_waiter.value};
  auto decision = rules->send(x, self->clock().now());
  if (decision.why.code == errc::ok && x.until != wait_until::accepted)
    return park(self, x.waiter, decision);
  settle(self, decision);
  return answer_run(self, decision);
}

caf::result<run_view> poll(self_ptr self, poll_run& x) {
  auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
  x.waiter = {++last_waiter.value};
  auto decision = rules->poll(x, self->clock().now());
  if (decision.why.code == errc::ok && x.wait > duration{0}
      && !rules->find(decision.run)->result)
    return park(self, x.waiter, decision);
  settle(self, decision);
  return answer_run(self, decision);
}

/// Nobody saw the tab go: it may still be there, and at work.
void lose_page(self_ptr self) {
  auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
  page = nullptr;
  settle(self, rules->line_left({}, self->clock().now()));
  if (auto run = under_way(*rules))
    settle(self,
           rules->report({*run, protocol::tab_gone{loss_cause::unresponsive}},
                         self->clock().now()));
}

void hear_of_end(self_ptr self, const caf::down_msg& down) {
  auto& [with, rules, page, last_waiter, waiters, alarm] = self->state;
  if (page && page.address() == down.source)
    lose_page(self);
  else if (with.registry.address() == down.source) {
    // Without it no request arrives any more.
    if (page)
      self->send_exit(page, caf::exit_reason::user_shutdown);
    self->quit(down.reason);
  }
}

} // namespace

conversation::~conversation() {
  // CAF never answers a promise that is dropped.
  for (auto& [id, promise] : waiters)
    promise.deliver(to_error(
      fail(errc::session_closed, "The session had an internal failure.")));
}

session_shell::behavior_type session(self_ptr self, const session_start& with) {
  session_row row;
  row.id = with.id;
  row.provider = with.provider;
  row.used = self->clock().now();
  self->state.with = with;
  self->state.rules.emplace(std::move(row), with.how, self->clock().now());
  self->monitor(with.registry);
  self->set_down_handler([self](const caf::down_msg& down) {
    hear_of_end(self, down);
  });
  settle(self, {}); // For the alarm.
  return {
    [self](const page_report& x) {
      settle(self, self->state.rules->report(x, self->clock().now()));
    },
    [self](const line_left& x) {
      settle(self,
             self->state.rules->line_left(x.retry_after, self->clock().now()));
    },
    [self](send_prompt& x) {
      return send(self, x);
    },
    [self](poll_run& x) {
      return poll(self, x);
    },
    [self](const stop_run& x) {
      auto decision = self->state.rules->stop(x, self->clock().now());
      settle(self, decision);
      return answer_run(self, decision);
    },
    [self](const switch_provider& x) {
      return answer_session(
        self, self->state.rules->switch_to(x, self->clock().now()));
    },
    [self](const reattach_session& x) {
      return answer_session(
        self, self->state.rules->reattach(x, self->clock().now()));
    },
    [self](const close_session& x) {
      return answer_session(self,
                            self->state.rules->close(x, self->clock().now()));
    },
    [self](const show_session&) {
      return answer_session(self, {});
    },
    [self](const drop_client& x) {
      settle(self, self->state.rules->drop(x.client, self->clock().now()));
    },
    [self](wake_atom) {
      self->state.alarm.rang(self->clock().now());
      settle(self, self->state.rules->expire(self->clock().now()));
    },
  };
}

} // namespace berth::actors

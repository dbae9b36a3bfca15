#include "actors/session.hpp"

#include "actors/errors.hpp"
#include "actors/patience.hpp"
#include "protocol/session_journal.hpp"

#include <algorithm>
#include <utility>

namespace berth::actors {

namespace {

using self_ptr = session_shell::stateful_pointer<conversation>;

constexpr duration try_again_after = std::chrono::seconds{1};

session_id id_of(self_ptr self) {
  return self->state.rules->row().id;
}

/// The epoch of the run that has the session.
std::optional<run_ref> under_way(const session_machine& rules) {
  auto owner = rules.find(rules.row().owner);
  return owner ? std::optional{run_ref{owner->id, owner->leg}} : std::nullopt;
}

const page_actor& page_of(self_ptr self) {
  auto& state = self->state;
  if (!state.page) {
    state.page = state.with.make_page(self, id_of(self));
    self->monitor(state.page);
  }
  return state.page;
}

/// How the run is now, or what little is known of one that is forgotten.
run_view look_at_run(self_ptr self, const answer_waiter& x) {
  auto& rules = *self->state.rules;
  if (auto known = rules.find(x.run))
    return look_at(rules, *known, self->clock().now());
  run_view result;
  result.session = id_of(self);
  result.run = x.run;
  result.state = x.state;
  result.why = x.why;
  return result;
}

/// Carries out one act. Nothing else in this file acts on the world.
struct carry_out {
  self_ptr self;
  const std::map<waiter_id, run_view>& seen;

  /// What the page side is to do.
  template <class Act>
  void operator()(const Act& x) const {
    self->send(page_of(self), x);
  }

  void operator()(const leave_tab& x) const {
    auto& state = self->state;
    if (state.page)
      self->send(state.page, x);
    self->send(state.with.registry, session_over{id_of(self)});
  }

  void operator()(const answer_waiter& x) const {
    auto entry = self->state.waiters.extract(x.waiter);
    assert(entry);
    if (x.why.code == errc::client_gone)
      entry.mapped().deliver(to_error(x.why));
    else
      entry.mapped().deliver(seen.at(x.waiter));
  }
};

// -- the line -----------------------------------------------------------------

void arm(self_ptr self) {
  auto& state = self->state;
  auto due = state.rules->next_deadline();
  if (state.trouble && state.writing == 0)
    due = earlier(due, state.try_again);
  state.alarm.arm(self, due);
}

/// The first so many are durable.
void carry_out_first(self_ptr self, size_t count) {
  for (; count > 0; --count) {
    auto next = std::move(self->state.line.front());
    self->state.line.pop_front();
    for (const auto& act : next.acts)
      std::visit(carry_out{self, next.seen}, act);
    if (next.answer)
      next.answer({});
  }
}

/// All that is in line is one transaction. If the disk fails it is tried again:
/// it was decided, but nobody has heard of it.
void work_off(self_ptr self) {
  auto& state = self->state;
  if (state.writing > 0 || state.line.empty()
      || (state.trouble && self->clock().now() < state.try_again))
    return;
  record order;
  for (const auto& x : state.line) {
    order.what.insert(order.what.end(), x.what.what.begin(), x.what.what.end());
    order.rows.insert(order.rows.end(), x.what.rows.begin(), x.what.rows.end());
  }
  if (order.what.empty()) {
    carry_out_first(self, state.line.size());
    return;
  }
  state.writing = state.line.size();
  self->request(state.with.recorder, recorder_patience, std::move(order))
    .then(
      [self] {
        self->state.trouble.reset();
        carry_out_first(self, std::exchange(self->state.writing, 0));
        work_off(self);
        arm(self);
      },
      [self](const caf::error& why) {
        self->state.writing = 0;
        self->state.trouble = to_failure(why);
        self->state.try_again = self->clock().now() + try_again_after;
        arm(self);
      });
}

/// Writes a decision down, and then carries it out. Its verdict is the caller's
/// to answer.
void settle(self_ptr self, session_decision decision,
            std::function<void(const failure&)> answer = {}) {
  auto& state = self->state;
  conversation::decided next;
  next.what.rows = rows_of(state.rules->row(), decision);
  for (const auto& x : decision.events)
    next.what.what.push_back(describe(id_of(self), x, self->clock().now()));
  // Later ones may be decided, and not be durable, when these are told.
  for (const auto& act : decision.acts)
    if (auto told = std::get_if<answer_waiter>(&act))
      next.seen.emplace(told->waiter, look_at_run(self, *told));
  next.acts = std::move(decision.acts);
  next.answer = std::move(answer);
  if (state.rules->row().closed) // In one transaction rows come after events.
    for (auto i = state.writing; i < state.line.size(); ++i)
      state.line[i].what.rows.clear();
  if (!next.what.what.empty() || !next.acts.empty() || next.answer)
    state.line.push_back(std::move(next));
  work_off(self);
  arm(self);
}

// -- answers ------------------------------------------------------------------

/// Why nothing is decided now; none: it is.
std::optional<caf::error> refusal(self_ptr self) {
  auto& state = self->state;
  if (!state.trouble)
    return std::nullopt;
  auto why = *state.trouble;
  why.retry_after
    = std::max<duration>(state.try_again - self->clock().now(), duration{0});
  return to_error(why);
}

/// The answer to whoever does not wait: how it is now, once that is durable.
template <class View>
caf::result<View>
answer(self_ptr self, session_decision decision, const View& seen) {
  auto verdict = decision.why;
  auto promise = self->make_response_promise<View>();
  settle(self, std::move(decision), [=](const failure& why) mutable {
    if (why.code != errc::ok)
      promise.deliver(to_error(why));
    else if (verdict.code != errc::ok)
      promise.deliver(to_error(verdict));
    else
      promise.deliver(seen);
  });
  return promise;
}

caf::result<run_view> answer_run(self_ptr self, session_decision decision) {
  auto& rules = *self->state.rules;
  run_view seen;
  if (decision.why.code == errc::ok)
    seen = look_at(rules, *rules.find(decision.run), self->clock().now());
  return answer(self, std::move(decision), seen);
}

caf::result<session_view>
answer_session(self_ptr self, session_decision decision) {
  auto seen = look_at(*self->state.rules, self->clock().now());
  return answer(self, std::move(decision), seen);
}

/// The call is answered by an act, now or some day.
caf::result<run_view>
park(self_ptr self, waiter_id waiter, session_decision decision) {
  auto promise = self->make_response_promise<run_view>();
  self->state.waiters.emplace(waiter, promise);
  settle(self, std::move(decision));
  return promise;
}

caf::result<run_view> send(self_ptr self, send_prompt& x) {
  auto& state = self->state;
  x.waiter = {++state.last_waiter.value};
  auto decision = state.rules->send(x, self->clock().now());
  if (decision.why.code == errc::ok && x.until != wait_until::accepted)
    return park(self, x.waiter, std::move(decision));
  return answer_run(self, std::move(decision));
}

caf::result<run_view> poll(self_ptr self, poll_run& x) {
  auto& state = self->state;
  x.waiter = {++state.last_waiter.value};
  auto decision = state.rules->poll(x, self->clock().now());
  if (decision.why.code == errc::ok && x.wait > duration{0}
      && !state.rules->find(decision.run)->result)
    return park(self, x.waiter, std::move(decision));
  return answer_run(self, std::move(decision));
}

caf::result<run_view> stop(self_ptr self, const stop_run& x) {
  return answer_run(self, self->state.rules->stop(x, self->clock().now()));
}

caf::result<session_view> switch_to(self_ptr self, const switch_provider& x) {
  return answer_session(self,
                        self->state.rules->switch_to(x, self->clock().now()));
}

caf::result<session_view> reattach(self_ptr self, const reattach_session& x) {
  return answer_session(self,
                        self->state.rules->reattach(x, self->clock().now()));
}

caf::result<session_view> close(self_ptr self, const close_session& x) {
  return answer_session(self, self->state.rules->close(x, self->clock().now()));
}

caf::result<session_view> show(self_ptr self, const show_session&) {
  return answer_session(self, {});
}

/// What a client asks for is refused while the disk fails.
template <class View, class Request, class Act>
auto serves(self_ptr self, Act act) {
  return [=](Request& x) -> caf::result<View> {
    if (auto why = refusal(self))
      return *why;
    return act(self, x);
  };
}

/// Nobody saw the tab go: it may still be there, and at work.
void lose_page(self_ptr self) {
  auto& state = self->state;
  state.page = nullptr;
  settle(self, state.rules->line_left({}, self->clock().now()));
  auto run = under_way(*state.rules);
  if (!run)
    return;
  page_report loss{*run, protocol::tab_gone{loss_cause::unresponsive}};
  settle(self, state.rules->report(loss, self->clock().now()));
}

void end(self_ptr self, const caf::error& why) {
  self->state.is_stopped = why == caf::exit_reason::user_shutdown;
  self->quit(why);
}

void hear_of_end(self_ptr self, const caf::down_msg& down) {
  auto& state = self->state;
  if (state.page && state.page.address() == down.source)
    lose_page(self);
  else if (state.with.registry.address() == down.source) {
    // Without it no request arrives any more.
    if (state.page)
      self->send_exit(state.page, caf::exit_reason::user_shutdown);
    end(self, down.reason);
  }
}

} // namespace

conversation::~conversation() {
  // CAF never answers a promise that is dropped.
  auto why = fail(errc::session_restarted,
                  is_stopped ? "The daemon was stopped meanwhile. The next one "
                               "goes on with the run."
                             : "The session had an internal failure.");
  for (auto& x : line)
    if (x.answer)
      x.answer(why);
  for (auto& [id, promise] : waiters)
    promise.deliver(to_error(why));
}

session_shell::behavior_type session(self_ptr self, const session_start& with) {
  auto now = self->clock().now();
  auto& state = self->state;
  state.with = with;
  state.rules.emplace(std::exchange(state.with.row, {}), with.how, now);
  self->monitor(with.registry);
  self->set_down_handler([self](const caf::down_msg& down) {
    hear_of_end(self, down);
  });
  self->set_exit_handler([self](const caf::exit_msg& x) {
    // CAF keeps who watches an actor for as long as that lives.
    self->demonitor(self->state.with.registry.address());
    end(self, x.reason);
  });
  settle(self, state.rules->resume(now));
  return {
    [self](const page_report& x) {
      settle(self, self->state.rules->report(x, self->clock().now()));
    },
    [self](const line_left& x) {
      settle(self,
             self->state.rules->line_left(x.retry_after, self->clock().now()));
    },
    serves<run_view, send_prompt>(self, send),
    serves<run_view, poll_run>(self, poll),
    serves<run_view, stop_run>(self, stop),
    serves<session_view, switch_provider>(self, switch_to),
    serves<session_view, reattach_session>(self, reattach),
    serves<session_view, close_session>(self, close),
    serves<session_view, show_session>(self, show),
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

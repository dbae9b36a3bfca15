#include "protocol/session_machine.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace berth::protocol {

// -- before a run ------------------------------------------------------------

run& session_machine::accept(const send_prompt& request, bool at_once,
                             timestamp now) {
  run_id id{++row_.runs_made};
  auto& result = row_.runs[id];
  result.id = id;
  result.what = request.what;
  result.background = request.background || request.delay > duration{0};
  result.replaces = request.interrupt;
  result.due = now + request.delay;
  result.timeout = request.timeout;
  // One that waits only for a background run to give way waits for that.
  bool bounded = request.wait > duration{0} || at_once;
  if (bounded && !result.background && !result.replaces)
    result.queued_until = now + std::min(request.wait, most_.wait_max);
  return result;
}

/// Ends, or sends back into the queue, what must not run before the newcomer.
void session_machine::make_way(const run& newcomer, timestamp now,
                               session_decision& out) {
  if (newcomer.replaces) {
    auto why = fail(errc::run_superseded, "A later prompt took its place.");
    why.owner = newcomer.id.value;
    for (auto& [id, x] : row_.runs)
      if (id != newcomer.id && x.replaces && x.state == session_state::queued) {
        settle(x, session_state::interrupted, why, now, out);
        break; // There is one at most; `settle` may forget another.
      }
    if (row_.owner) {
      if (!owner().result)
        settle(owner(), session_state::interrupted, why, now, out);
      halt(now, out);
    }
  } else if (!newcomer.background && row_.owner && gives_way(owner())) {
    owner().yields = true;
    out.events.push_back(run_yielding{row_.owner});
    halt(now, out);
  }
}

// -- a run -------------------------------------------------------------------

void session_machine::serve(timestamp now, session_decision& out) {
  if (!may_start(now))
    return;
  if (auto next = queue_.front(now))
    start(row_.runs.at(*next), now, out);
}

void session_machine::start(run& x, timestamp now, session_decision& out) {
  assert(!row_.owner && !x.result);
  queue_.erase(x);
  in_line_ = false;
  row_.owner = x.id;
  tenure_ = {};
  tenure_.heard = now;
  ++x.leg;
  x.state = session_state::sending;
  x.hold = hold_reason::none;
  x.yields = false;
  x.provider = row_.provider;
  auto known = row_.addresses.find(x.provider);
  x.url = known == row_.addresses.end() ? std::string{} : known->second;
  x.title.clear();
  x.length = 0;
  x.tabs_lost = 0;
  x.started = now;
  x.deadline
    = now + run_time(most_.times, x.provider, x.what.effort, x.timeout);
  out.events.push_back(run_started{owner_ref(), x.provider, x.deadline});
  out.acts.push_back(begin_run{owner_ref(), x.provider, x.url, x.what,
                               lease_deadline(most_.times, x.deadline),
                               row_.browser});
}

void session_machine::settle(run& x, session_state how, failure why,
                             timestamp now, session_decision& out) {
  assert(!x.result && is_final(how));
  x.result = how;
  x.settled = now;
  x.hold = hold_reason::none;
  x.why = std::move(why);
  out.events.push_back(run_settled{x.id, how, x.why.code});
  answer(waiters_.take(x.id, wait_until::done), x.why, out);
  if (x.state == session_state::queued) {
    queue_.erase(x);
    x.state = how;
    bury(x.id);
    if (queued() == 0)
      forget_line(out);
  }
}

/// Whoever would be served there waits no more, or not there.
void session_machine::forget_line(session_decision& out) {
  if (!std::exchange(in_line_, false))
    return;
  blocked_until_ = {};
  out.acts.push_back(leave_line{});
}

void session_machine::halt(timestamp now, session_decision& out) {
  if (std::exchange(tenure_.halted, true))
    return;
  tenure_.stop_by = now + most_.stop_within;
  if (!tenure_.away)
    out.acts.push_back(halt_run{owner_ref()});
}

void session_machine::hold(run& x, hold_reason why, session_decision& out) {
  x.hold = why;
  out.events.push_back(run_queued{x.id, why, queue_.ahead_of(x)});
}

void session_machine::free_session(session_decision& out) {
  out.events.push_back(run_ended{row_.owner});
  row_.owner = {};
}

/// The owner was seen to end. One that gave way waits again, unless its prompt
/// may be in the conversation already without anybody having seen it there.
void session_machine::end(timestamp now, session_decision& out) {
  auto& x = owner();
  assert(x.result || x.yields);
  if (!x.result && x.state == session_state::confirming)
    settle(x, session_state::failed,
           fail(errc::send_unconfirmed, "Its tab died while it was sent."), now,
           out);
  free_session(out);
  row_.used = now;
  if (x.result) {
    x.state = *x.result;
    bury(x.id);
  } else {
    x.again = x.again || x.state == session_state::polling;
    x.state = session_state::queued;
    queue_.push(x);
    hold(x, hold_reason::preempted, out);
  }
  serve(now, out);
}

void session_machine::end_session(bool expired, timestamp now,
                                  session_decision& out) {
  auto why = fail(errc::session_closed, expired ? "Nobody used the session."
                                                : "The session was closed.");
  std::vector<run_id> left;
  for (const auto& [id, x] : row_.runs)
    if (!x.result)
      left.push_back(id);
  for (auto id : left)
    settle(row_.runs.at(id), session_state::interrupted, why, now, out);
  row_.closed = true;
  if (row_.owner) {
    // It may be at work: not for the next holder.
    out.acts.push_back(discard_tab{owner_ref()});
    end(now, out);
  }
  out.events.push_back(session_ended{expired});
  out.acts.push_back(leave_tab{});
}

/// Forgets the oldest if there are too many.
void session_machine::bury(run_id which) {
  row_.over.push_back(which);
  if (row_.over.size() > most_.runs_kept_max) {
    row_.runs.erase(row_.over.front());
    row_.over.erase(row_.over.begin());
  }
}

void session_machine::answer(const std::vector<session_waiters::waiter>& whom,
                             const failure& why, session_decision& out) const {
  for (const auto& x : whom) {
    const auto& meant = row_.runs.at(x.run);
    out.acts.push_back(answer_waiter{
      x.id, x.client, x.run, meant.result.value_or(state_of(meant)), why});
  }
}

} // namespace berth::protocol

#include "protocol/session_machine.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace berth::protocol {

namespace {

/// Its words may stand in the conversation from before.
bool has_words_twice(const session_row& row, const run& x) {
  return x.again || std::ranges::any_of(row.runs, [&](const auto& entry) {
           const auto& other = entry.second;
           return other.id != x.id && other.leg > 0
                  && other.what.text == x.what.text;
         });
}

} // namespace

session_decision
session_machine::report(const page_report& what, timestamp now) {
  session_decision out;
  if (!row_.owner || what.from != owner_ref()) {
    out.why = fail(errc::run_stale, "The run is over, or on a later leg.");
    return out;
  }
  out.run = row_.owner;
  // Not after: the report may end this run, and the next one start.
  auto before = std::exchange(tenure_.heard, now);
  bool may_be = std::visit(
    [&](const auto& x) {
      return hear(x, now, out);
    },
    what.what);
  if (!may_be) {
    tenure_.heard = before;
    out.why = fail(errc::invalid_argument, "This cannot be true now.");
  }
  return out;
}

// -- the prompt and its answer ------------------------------------------------

bool session_machine::hear(const prompt_seen&, timestamp,
                           session_decision& out) {
  auto& x = owner();
  if (tenure_.away || x.state == session_state::polling)
    return false;
  x.state = session_state::polling;
  out.events.push_back(run_confirmed{owner_ref()});
  answer(waiters_.take(x.id, wait_until::sent), {}, out);
  // What was told to stop before has only now something to stop.
  if (tenure_.halted)
    out.acts.push_back(halt_run{owner_ref()});
  else
    out.acts.push_back(follow_run{owner_ref()});
  return true;
}

bool session_machine::hear(const prompt_missing&, timestamp now,
                           session_decision& out) {
  auto& x = owner();
  if (tenure_.away || x.state != session_state::confirming)
    return false;
  if (!x.result)
    settle(x, session_state::failed,
           fail(errc::send_unconfirmed,
                "Its tab died while it was sent, and the new one shows no such "
                "turn."),
           now, out);
  end(now, out);
  return true;
}

bool session_machine::hear(const run_alive&, timestamp, session_decision&) {
  return true;
}

bool session_machine::hear(const answer_seen& seen, timestamp,
                           session_decision& out) {
  auto& x = owner();
  if (tenure_.away || x.state != session_state::polling)
    return false;
  if (!x.result && std::exchange(x.length, seen.length) != seen.length)
    out.events.push_back(run_progressed{owner_ref(), x.length});
  return true;
}

/// Also of a run that has its result: where the conversation is stays true.
bool session_machine::hear(const page_named& seen, timestamp,
                           session_decision& out) {
  if (tenure_.away || seen.url.empty())
    return false;
  auto& x = owner();
  bool moved = std::exchange(x.url, seen.url) != seen.url;
  bool named = !x.result && std::exchange(x.title, seen.title) != seen.title;
  row_.addresses[x.provider] = x.url;
  if (moved || named)
    out.events.push_back(run_progressed{owner_ref(), x.length});
  return true;
}

bool session_machine::hear(const answer_done& seen, timestamp now,
                           session_decision& out) {
  auto& x = owner();
  if (tenure_.away || x.state != session_state::polling || seen.text.empty())
    return false;
  if (!x.result) {
    x.answer = seen.text;
    settle(x, session_state::complete, {}, now, out);
  }
  end(now, out);
  return true;
}

bool session_machine::hear(const page_failed& seen, timestamp now,
                           session_decision& out) {
  if (seen.why.code == errc::ok)
    return false;
  if (!owner().result)
    settle(owner(), session_state::failed, seen.why, now, out);
  end(now, out);
  return true;
}

bool session_machine::hear(const page_ended&, timestamp now,
                           session_decision& out) {
  if (!owner().result && !owner().yields)
    settle(owner(), session_state::interrupted,
           fail(errc::run_stopped, "It was stopped in the page."), now, out);
  end(now, out);
  return true;
}

// -- the tab ------------------------------------------------------------------

bool session_machine::hear(const tab_refused& seen, timestamp now,
                           session_decision& out) {
  const auto& x = owner();
  if (x.state != session_state::sending || seen.why.code == errc::ok)
    return false;
  if (x.result || x.yields)
    end(now, out);
  else
    defer(seen, now, out);
  return true;
}

/// There was no tab: it fails if it may not wait, else it goes back.
void session_machine::defer(const tab_refused& seen, timestamp now,
                            session_decision& out) {
  auto& x = owner();
  if (x.queued_until && *x.queued_until <= now) {
    settle(x, session_state::failed, seen.why, now, out);
    end(now, out);
    return;
  }
  blocked_by_ = seen.why;
  in_line_ = seen.why.code == errc::capacity;
  if (in_line_)
    out.acts.push_back(join_line{owner_ref()});
  blocked_until_
    = now
      + (in_line_ ? most_.line_within
                  : std::max(seen.why.retry_after, most_.retry_after_min));
  free_session(out);
  x.state = session_state::queued;
  queue_.push(x);
  hold(x, hold_reason::capacity, out);
}

bool session_machine::hear(const tab_gone& seen, timestamp now,
                           session_decision& out) {
  if (tenure_.discarding)
    end(now, out);
  else {
    ++owner().tabs_lost;
    lose_tab(seen.cause, now, out);
  }
  return true;
}

bool session_machine::hear(const tab_back&, timestamp, session_decision& out) {
  if (!tenure_.away || tenure_.adrift || tenure_.discarding)
    return false;
  tenure_.away = false;
  out.events.push_back(run_resumed{owner_ref()});
  if (tenure_.halted)
    out.acts.push_back(halt_run{owner_ref()});
  else if (owner().state == session_state::confirming)
    out.acts.push_back(confirm_prompt{owner_ref()});
  else
    out.acts.push_back(follow_run{owner_ref()});
  return true;
}

/// The first one it had, unless that is gone from the daemon.
bool session_machine::hear(const tab_placed& seen, timestamp,
                           session_decision& out) {
  if (!seen.where)
    return false;
  if (std::exchange(row_.browser, seen.where) != seen.where)
    out.events.push_back(session_moved{seen.where});
  return true;
}

void session_machine::lose_tab(loss_cause cause, timestamp now,
                               session_decision& out) {
  auto& x = owner();
  ++x.leg;
  if (x.state == session_state::sending)
    x.state = session_state::confirming;
  tenure_.away = true;
  tenure_.adrift = false;
  tenure_.heard = now;
  out.events.push_back(run_adrift{owner_ref(), cause});
  if (x.url.empty() || x.tabs_lost > most_.tabs_lost_max)
    give_up(cause, now, out);
  else
    out.acts.push_back(recover_tab_of{owner_ref(), x.provider, x.url, x.what,
                                      lease_deadline(most_.times, x.deadline),
                                      has_words_twice(row_, x), row_.browser});
}

/// There is nowhere to find it again, or it was lost too often.
void session_machine::give_up(loss_cause cause, timestamp now,
                              session_decision& out) {
  auto& x = owner();
  auto why
    = fail(errc::tab_lost, "The tab is gone, and could not be had back.");
  why.cause = cause;
  why.generation = x.leg - 1;
  if (x.state == session_state::confirming)
    why = fail(errc::send_unconfirmed, "Its tab died while it was sent.");
  if (!x.result)
    settle(x, session_state::failed, std::move(why), now, out);
  // A silent tab may still be there, and at work.
  if (cause == loss_cause::unresponsive)
    discard(now, out);
  else
    end(now, out);
}

void session_machine::discard(timestamp now, session_decision& out) {
  assert(!tenure_.discarding);
  tenure_.discarding = tenure_.halted = true;
  tenure_.adrift = false; // There is nothing left to bring back.
  tenure_.stop_by.reset();
  tenure_.gone_by = now + most_.times.silence;
  out.acts.push_back(discard_tab{owner_ref()});
}

// -- time ---------------------------------------------------------------------

session_decision
session_machine::line_left(duration retry_after, timestamp now) {
  session_decision out;
  if (!std::exchange(in_line_, false))
    return out; // Of a line that is of no interest any more.
  blocked_until_ = now + retry_after;
  serve(now, out);
  return out;
}

session_decision session_machine::expire(timestamp now) {
  session_decision out;
  serve(now, out); // Whoever can have a turn is not told that there is none.
  expire_queued(now, out);
  answer(waiters_.take_late(now), {}, out);
  expire_owner(now, out);
  serve(now, out);
  if (is_idle() && row_.used + most_.idle_max <= now)
    end_session(true, now, out);
  return out;
}

void session_machine::expire_queued(timestamp now, session_decision& out) {
  std::vector<run_id> late;
  for (const auto& [id, x] : row_.runs)
    if (x.state == session_state::queued && x.queued_until
        && *x.queued_until <= now)
      late.push_back(id);
  auto why = row_.owner ? busy(errc::session_busy) : blocked_by_;
  for (auto id : late)
    settle(row_.runs.at(id), session_state::failed, why, now, out);
}

void session_machine::expire_owner(timestamp now, session_decision& out) {
  if (!row_.owner)
    return;
  auto& x = owner();
  if (!x.result && !x.yields && x.deadline <= now) {
    settle(
      x, session_state::timed_out,
      fail(errc::run_timed_out,
           "No whole answer within " + to_string(x.deadline - x.started) + "."),
      now, out);
    halt(now, out);
  }
  if (tenure_.stop_by && *tenure_.stop_by <= now) {
    tenure_.stop_by.reset();
    out.events.push_back(run_overdue{x.id});
    for (auto& [id, y] : row_.runs)
      if (y.hold == hold_reason::superseding)
        hold(y, hold_reason::not_ended, out);
  }
  if (tenure_.discarding) {
    if (tenure_.gone_by <= now)
      end(now, out);
  } else if (lease_deadline(most_.times, x.deadline) <= now)
    discard(now, out);
  else if (tenure_.heard + most_.times.silence <= now) {
    ++owner().tabs_lost;
    lose_tab(loss_cause::unresponsive, now, out);
  }
}

std::optional<timestamp> session_machine::next_deadline() const {
  std::optional<timestamp> result = waiters_.next_deadline();
  auto also = [&](std::optional<timestamp> x) {
    if (x && (!result || *x < *result))
      result = x;
  };
  for (const auto& [id, x] : row_.runs)
    if (x.state == session_state::queued)
      also(x.queued_until);
  if (row_.owner)
    also(owner_deadline());
  else if (auto due = queue_.next_due())
    also(std::max(*due, blocked_until_));
  if (is_idle())
    also(row_.used + most_.idle_max);
  return result;
}

std::optional<timestamp> session_machine::owner_deadline() const {
  if (tenure_.discarding)
    return tenure_.gone_by;
  const auto& x = owner();
  auto result = std::min(lease_deadline(most_.times, x.deadline),
                         tenure_.heard + most_.times.silence);
  if (!x.result && !x.yields)
    result = std::min(result, x.deadline);
  if (tenure_.stop_by)
    result = std::min(result, *tenure_.stop_by);
  return result;
}

} // namespace berth::protocol

#include "protocol/session_machine.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace berth::protocol {

session_machine::session_machine(session_row kept, limits most, timestamp now)
  : most_{std::move(most)}, row_{std::move(kept)}, queue_{most_.queue} {
  assert(most_.runs_kept_max > 0);
  for (const auto& [id, x] : row_.runs)
    if (x.state == session_state::queued)
      queue_.push(x);
  if (!row_.owner)
    return;
  tenure_.away = tenure_.adrift = true;
  tenure_.halted = owner().yields || owner().result;
  if (tenure_.halted)
    tenure_.stop_by = now + most_.stop_within;
  tenure_.heard = now;
}

// -- requests -----------------------------------------------------------------

session_decision
session_machine::send(const send_prompt& request, timestamp now) {
  session_decision out;
  out.why = refusal(request, now);
  if (out.why.code != errc::ok)
    return out;
  row_.used = now;
  auto& mine = accept(request, starts_at_once(request, now), now);
  out.run = mine.id;
  if (request.waiter && request.until != wait_until::accepted)
    waiters_.park({request.waiter, request.by.client, mine.id, request.until,
                   std::nullopt});
  make_way(mine, now, out);
  queue_.push(mine);
  serve(now, out);
  if (mine.state != session_state::queued)
    return out;
  if (mine.due > now)
    hold(mine, hold_reason::not_due, out);
  else if (!row_.owner)
    hold(mine, hold_reason::capacity, out);
  else if (!mine.replaces)
    hold(mine, hold_reason::busy, out);
  else
    hold(mine,
         tenure_.stop_by ? hold_reason::superseding : hold_reason::not_ended,
         out);
  return out;
}

session_decision session_machine::poll(const poll_run& request, timestamp now) {
  session_decision out;
  auto which = request.run;
  if (!which)
    which = row_.owner;
  if (!which && !row_.over.empty())
    which = row_.over.back();
  if (!which)
    which = queue_.front(timestamp::max()).value_or(run_id{});
  auto i = row_.runs.find(which);
  if (i == row_.runs.end()) {
    out.why = fail(errc::run_unknown, "There is no such run in the session.");
    return out;
  }
  if (request.wait > duration{0} && !i->second.result) {
    if (waiters_.size() >= most_.waiters_max) {
      out.why = busy(errc::session_queue_full);
      out.why.active = waiters_.size();
      out.why.cap = most_.waiters_max;
      return out;
    }
    waiters_.park({request.waiter, request.by.client, which, wait_until::done,
                   now + std::min(request.wait, most_.wait_max)});
  }
  row_.used = now;
  out.run = which;
  return out;
}

session_decision session_machine::stop(const stop_run& request, timestamp now) {
  session_decision out;
  auto which = request.run;
  if (!which)
    which = row_.owner ? row_.owner : queue_.front(now).value_or(run_id{});
  auto i = row_.runs.find(which);
  if (i == row_.runs.end()) {
    out.why = fail(errc::run_unknown, request.run ? "There is no such run."
                                                  : "Nothing is under way.");
    return out;
  }
  row_.used = now;
  out.run = which;
  if (i->second.result)
    return out;
  settle(i->second, session_state::interrupted,
         fail(errc::run_stopped, "It was stopped."), now, out);
  if (which == row_.owner)
    halt(now, out);
  return out;
}

session_decision
session_machine::switch_to(const switch_provider& request, timestamp now) {
  session_decision out;
  if (row_.closed)
    out.why = fail(errc::session_closed, "The session has ended.");
  else if (request.provider.empty())
    out.why = fail(errc::invalid_argument, "The provider has no name.");
  if (out.why.code != errc::ok)
    return out;
  row_.used = now;
  if (std::exchange(row_.provider, request.provider) != request.provider) {
    out.events.push_back(provider_switched{request.provider});
    blocked_until_ = {}; // The other one may have a tab.
    forget_line(out);
    serve(now, out);
  }
  return out;
}

session_decision
session_machine::reattach(const reattach_session&, timestamp now) {
  session_decision out;
  if (row_.closed) {
    out.why = fail(errc::session_closed, "The session has ended.");
    return out;
  }
  row_.used = now;
  // Nobody saw the old tab go: it may still be at work.
  if (row_.owner && tenure_.adrift) {
    ++owner().tabs_lost;
    lose_tab(loss_cause::unresponsive, now, out);
  }
  serve(now, out);
  if (row_.owner)
    out.run = row_.owner;
  else if (!row_.over.empty())
    out.run = row_.over.back();
  return out;
}

session_decision session_machine::close(const close_session&, timestamp now) {
  session_decision out;
  if (row_.closed)
    out.why = fail(errc::session_closed, "The session has ended already.");
  else
    end_session(false, now, out);
  return out;
}

session_decision session_machine::resume(timestamp now) {
  session_decision out;
  if (row_.owner && tenure_.adrift)
    lose_tab(loss_cause::unresponsive, now, out);
  serve(now, out);
  return out;
}

session_decision session_machine::drop(client_id client, timestamp) {
  session_decision out;
  answer(waiters_.take(client), fail(errc::client_gone, "Its client is gone."),
         out);
  return out;
}

// -- looking ------------------------------------------------------------------

/// Why a prompt is not accepted; `ok` if it is.
failure
session_machine::refusal(const send_prompt& request, timestamp now) const {
  auto bytes = request.what.text.size();
  for (const auto& file : request.what.files)
    bytes += file.size();
  bool background = request.background || request.delay > duration{0};
  if (row_.closed)
    return fail(errc::session_closed, "The session has ended.");
  if (bytes == 0)
    return fail(errc::invalid_argument, "The prompt is empty.");
  if (bytes > most_.prompt_max)
    return fail(errc::too_large, "The prompt has " + std::to_string(bytes)
                                   + " bytes of at most "
                                   + std::to_string(most_.prompt_max) + ".");
  if (request.timeout < duration{0}
      || request.timeout > most_.times.explicit_max)
    return fail(errc::invalid_argument, "The timeout is over "
                                          + to_string(most_.times.explicit_max)
                                          + ".");
  if (request.delay < duration{0} || request.delay > most_.delay_max)
    return fail(errc::invalid_argument,
                "The delay is over " + to_string(most_.delay_max) + ".");
  if (request.interrupt && background)
    return fail(errc::invalid_argument,
                "A background run does not interrupt another.");
  if (request.until != wait_until::accepted && request.waiter
      && waiters_.size() >= most_.waiters_max) {
    auto result = busy(errc::session_queue_full);
    result.active = waiters_.size();
    result.cap = most_.waiters_max;
    return result;
  }
  if (starts_at_once(request, now))
    return {};
  if (queue_.is_full(background)) {
    auto result = busy(errc::session_queue_full);
    result.active = queue_.size(background);
    result.cap = queue_.most(background);
    return result;
  }
  bool next = row_.owner && queue_.size(false) == 0 && gives_way(owner());
  if (background || request.interrupt || request.wait > duration{0} || next)
    return {};
  return row_.owner ? busy(errc::session_busy) : blocked_by_;
}

failure session_machine::busy(errc code) const {
  auto result = fail(code, "The session has no place for one more call.");
  if (code == errc::session_busy)
    result.what
      = "Run " + std::to_string(row_.owner.value) + " has the session.";
  result.owner = row_.owner.value;
  auto ahead = static_cast<int64_t>(queue_.size(false) + 1);
  result.retry_after = std::max(most_.retry_after_min, most_.run_guess * ahead);
  return result;
}

/// Not while somebody has waited longer, even if the turn is overdue.
bool session_machine::may_start(timestamp now) const {
  return !row_.owner && !row_.closed && blocked_until_ <= now;
}

bool session_machine::starts_at_once(const send_prompt& request,
                                     timestamp now) const {
  return may_start(now) && !queue_.front(now) && request.delay == duration{0};
}

bool session_machine::gives_way(const run& x) const {
  return x.background && !x.result && !x.yields;
}

bool session_machine::is_idle() const {
  return !row_.owner && !row_.closed && queue_.size(false) == 0
         && queue_.size(true) == 0;
}

session_state session_machine::state() const {
  if (row_.closed)
    return session_state::closed;
  if (row_.owner)
    return state_of(owner());
  return row_.over.empty() ? session_state::fresh
                           : row_.runs.at(row_.over.back()).state;
}

session_state session_machine::state_of(const run& x) const {
  return x.id == row_.owner && tenure_.halted ? session_state::stopping
                                              : x.state;
}

const run* session_machine::find(run_id which) const {
  auto i = row_.runs.find(which);
  return i == row_.runs.end() ? nullptr : &i->second;
}

run& session_machine::owner() {
  return row_.runs.at(row_.owner);
}

const run& session_machine::owner() const {
  return row_.runs.at(row_.owner);
}

run_ref session_machine::owner_ref() const {
  return {row_.owner, owner().leg};
}

} // namespace berth::protocol

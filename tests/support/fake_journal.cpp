#include "tests/support/fake_journal.hpp"

#include <deque>

namespace berth::tests {

namespace {

using actors::record;
using actors::recorder_actor;
using actors::wake_atom;
using actors::wake_atom_v;

using journal_shell = recorder_actor::extend<caf::reacts_to<wake_atom>>;

/// Writes wait in one line: a later one is never durable before an earlier.
struct journal_state {
  struct write {
    timestamp due;
    record what;
    caf::typed_response_promise<void> promise;
  };

  recorder_actor real;
  std::shared_ptr<journal_log> log;
  std::deque<write> line;
  uint64_t epoch = 0;

  ~journal_state() {
    if (log && log->epoch == epoch)
      log->open = false;
  }
};

using self_ptr = journal_shell::stateful_pointer<journal_state>;

void commit(self_ptr self, journal_state::write& x) {
  auto now = self->clock().now();
  auto& log = *self->state.log;
  for (auto& event : x.what.what)
    log.entries.push_back({now, event, self->state.epoch});
  x.promise.delegate(self->state.real, std::move(x.what));
}

void commit_due(self_ptr self) {
  auto& line = self->state.line;
  while (!line.empty() && line.front().due <= self->clock().now()) {
    auto next = std::move(line.front());
    line.pop_front();
    commit(self, next);
  }
}

caf::result<void> take(self_ptr self, record& x) {
  auto& [real, log, line, epoch] = self->state;
  if (log->refusals > 0 && self->current_sender()) {
    --log->refusals;
    return actors::to_error(fail(errc::journal_failed, "The disk is full."));
  }
  auto promise = self->make_response_promise<void>();
  auto due = self->clock().now() + log->slowness;
  if (!line.empty())
    due = std::max(due, line.back().due);
  line.push_back({due, std::move(x), promise});
  if (auto wait = due - self->clock().now(); wait > duration{0})
    self->delayed_send(self, wait, wake_atom_v);
  commit_due(self);
  return promise;
}

journal_shell::behavior_type journal(self_ptr self, const recorder_actor& real,
                                     const std::shared_ptr<journal_log>& log) {
  self->state.real = real;
  self->state.log = log;
  self->link_to(real);
  self->state.epoch = log->epoch;
  log->open = true;
  return {
    [self](record& x) {
      return take(self, x);
    },
    [self](const actors::watch& x) {
      return self->delegate(self->state.real, x);
    },
    [self](const actors::watch_also& x) {
      return self->delegate(self->state.real, x);
    },
    [self](const actors::get_recent& x) {
      return self->delegate(self->state.real, x);
    },
    [self](wake_atom) {
      commit_due(self);
    },
  };
}

} // namespace

recorder_actor spawn_journal(world& where, recorder_actor real,
                             std::shared_ptr<journal_log> log) {
  return where.spawn(journal, std::move(real), std::move(log));
}

} // namespace berth::tests

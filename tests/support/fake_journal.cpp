#include "tests/support/fake_journal.hpp"

#include <deque>

namespace berth::tests {

namespace {

using actors::record;
using actors::recorder_actor;
using actors::wake_atom;
using actors::wake_atom_v;

using journal_shell = recorder_actor::extend<caf::reacts_to<wake_atom>>;

void keep(journal_log& log, timestamp now, uint64_t epoch, const record& x) {
  for (const auto& event : x.what)
    log.entries.push_back({now, event, epoch});
  journal_changes changes;
  tell(log.state, {now, x.what, x.rows}, log.runs_kept_max, changes);
}

/// Writes wait in one line: a later one is never durable before an earlier.
struct disk_state {
  static constexpr const char* name = "disk";

  struct write {
    timestamp due;
    record what;
    caf::typed_response_promise<void> promise;
  };

  world* where = nullptr;
  recorder_actor real;
  std::shared_ptr<journal_log> log;
  std::deque<write> line;
  uint64_t epoch = 0;

  ~disk_state() {
    if (!log || log->epoch != epoch)
      return;
    tear();
    log->open = false;
  }

  /// Of what the disk was at, some may be there after all, though nobody was
  /// told: the first so many, each whole.
  void tear() {
    auto written = where->draw(uint64_t{line.size() + 1});
    for (uint64_t i = 0; i < written; ++i)
      keep(*log, where->now(), epoch, line[i].what);
  }
};

using self_ptr = journal_shell::stateful_pointer<disk_state>;

void commit(self_ptr self, disk_state::write& x) {
  auto& state = self->state;
  keep(*state.log, self->clock().now(), state.epoch, x.what);
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
  auto& log = self->state.log;
  auto& line = self->state.line;
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

journal_shell::behavior_type
journal(self_ptr self, world* where, const recorder_actor& real,
        const std::shared_ptr<journal_log>& log) {
  self->state.where = where;
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
    [self](const actors::get_journal& x) {
      return self->delegate(self->state.real, x);
    },
    [self](wake_atom) {
      commit_due(self);
    },
  };
}

} // namespace

succession journal_log::begin_epoch(timestamp now, size_t runs_kept) {
  runs_kept_max = runs_kept;
  succession result;
  result.astray = left_astray(state);
  auto last_words = obituary(state, now);
  journal_changes changes;
  tell(state, last_words, runs_kept_max, changes);
  for (auto& x : last_words.what)
    entries.push_back({now, std::move(x), epoch});
  result.epoch = state.epoch = ++epoch;
  result.left = state;
  return result;
}

recorder_actor spawn_journal(world& where, recorder_actor real,
                             std::shared_ptr<journal_log> log) {
  return where.spawn(journal, &where, std::move(real), std::move(log));
}

} // namespace berth::tests

#include "actors/recorder.hpp"

#include "actors/errors.hpp"

namespace berth::actors {

namespace {

using self_ptr = recorder_actor::stateful_pointer<recorder_state>;

constexpr size_t backlog_max = 1024;
constexpr size_t batch_max = 256;
constexpr duration batch_patience = std::chrono::seconds{30};

/// Sends the next batch, if the last one was answered and there is one.
void feed(self_ptr self, const watcher_actor& whom) {
  auto i = self->state.watchers.find(whom);
  if (i == self->state.watchers.end() || i->second.busy)
    return;
  auto& [client, wants, sessions, backlog, busy, missed] = i->second;
  if (backlog.empty() && missed == 0)
    return;
  auto end = backlog.begin()
             + static_cast<ptrdiff_t>(std::min(backlog.size(), batch_max));
  events batch(std::make_move_iterator(backlog.begin()),
               std::make_move_iterator(end));
  backlog.erase(backlog.begin(), end);
  if (missed > 0 && backlog.empty()) {
    event gap;
    gap.kind = event_kind::events_missed;
    gap.detail = std::to_string(std::exchange(missed, 0));
    batch.push_back(std::move(gap));
  }
  busy = true;
  auto go_on = [=] {
    if (auto at = self->state.watchers.find(whom);
        at != self->state.watchers.end()) {
      at->second.busy = false;
      feed(self, whom);
    }
  };
  self->request(whom, batch_patience, std::move(batch))
    .then(go_on, [=](const caf::error&) {
      // Slow or broken: it keeps its place until its down message comes.
      go_on();
    });
}

/// Numbers the events, keeps them, and passes them on.
void write_down(self_ptr self, events what) {
  auto& state = self->state;
  for (auto& x : what) {
    x.number = ++state.last_number;
    if (x.detail.size() > detail_max)
      x.detail.resize(detail_max); // A page's address can have megabytes.
    x.at = self->clock().now() - state.started;
    for (auto& [whom, watcher] : state.watchers) {
      auto follows = watcher.sessions.contains(x.session);
      if (x.kind == event_kind::session_closed)
        watcher.sessions.erase(x.session);
      if (!follows && !concerns(x, watcher.client, watcher.wants))
        continue;
      if (watcher.backlog.size() < backlog_max)
        watcher.backlog.push_back(x);
      else
        ++watcher.missed;
    }
    state.kept.push_back(std::move(x));
    if (state.kept.size() > state.events_kept)
      state.kept.pop_front();
  }
  // Feeding may answer at once and change the map: walk over a copy.
  std::vector<watcher_actor> all;
  for (auto& [whom, watcher] : state.watchers)
    if (!watcher.busy && (!watcher.backlog.empty() || watcher.missed > 0))
      all.push_back(whom);
  for (auto& whom : all)
    feed(self, whom);
}

} // namespace

recorder_actor::behavior_type recorder(self_ptr self, size_t events_kept) {
  self->state.events_kept = events_kept;
  self->state.started = self->clock().now();
  self->set_down_handler([self](const caf::down_msg& down) {
    std::erase_if(self->state.watchers, [&](const auto& x) {
      return x.first.address() == down.source;
    });
  });
  return {
    [self](record& x) -> caf::result<void> {
      if (!x.rated)
        x.what = self->state.rate.admit(std::move(x.what), self->clock().now());
      write_down(self, std::move(x.what));
      return caf::unit;
    },
    [self](const watch& x) -> caf::result<void> {
      auto [i, fresh]
        = self->state.watchers.emplace(x.watcher, recorder_state::watcher{});
      i->second.client = x.by.client;
      i->second.wants
        = x.wants == interest::all && !may(x.by.rights, verb::hear_all)
            ? interest::own
            : x.wants;
      if (fresh)
        self->monitor(x.watcher);
      return caf::unit;
    },
    [self](const watch_also& x) -> caf::result<void> {
      auto i = self->state.watchers.find(x.watcher);
      if (i == self->state.watchers.end())
        return to_error(fail(errc::client_gone, "It is no watcher any more."));
      i->second.sessions.insert(x.session);
      return caf::unit;
    },
    [self](const get_recent& x) -> caf::result<events> {
      auto& kept = self->state.kept;
      auto most = std::min<uint64_t>(x.most, kept.size());
      return events(kept.end() - static_cast<ptrdiff_t>(most), kept.end());
    },
    [](const get_journal&) {
      return std::string{}; // It remembers, and writes nothing.
    },
  };
}

} // namespace berth::actors

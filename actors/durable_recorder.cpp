#include "actors/durable_recorder.hpp"

#include "actors/errors.hpp"
#include "actors/recorder.hpp"
#include "protocol/journal_state.hpp"
#include "protocol/printable.hpp"

#include <algorithm>
#include <spdlog/spdlog.h>
#include <utility>

namespace berth::actors {

namespace {

using self_ptr
  = durable_recorder_shell::stateful_pointer<durable_recorder_state>;

/// A disk that takes longer than this is as good as none.
constexpr duration patience = std::chrono::seconds{60};
constexpr duration try_again_after = std::chrono::seconds{1};
constexpr size_t line_max = 8192;         ///< Events.
constexpr size_t news_max = line_max / 2; ///< The rest is for what matters.

void commit_next(self_ptr self);

/// It is durable: now the others may hear of it.
void pass_on(self_ptr self, durable_recorder_state::entry& x) {
  record told{std::move(x.what.what), {}, true};
  if (x.promise.pending())
    x.promise.delegate(self->state.with.memory, std::move(told));
  else
    self->send(self->state.with.memory, std::move(told));
}

/// The disk is there again: it learns how many news it has missed.
void own_up(durable_recorder_state& state, timestamp now) {
  if (state.left_out == 0)
    return;
  event told;
  told.kind = event_kind::events_missed;
  told.detail = std::to_string(std::exchange(state.left_out, 0));
  ++state.events_in_line;
  state.line.push_back({{now, {std::move(told)}, {}}, {}});
}

void committed(self_ptr self) {
  auto& state = self->state;
  if (state.trouble && !state.room.is_short(self->clock().now())) {
    state.trouble.reset();
    spdlog::info("the journal can be written again");
  }
  own_up(state, self->clock().now());
  for (auto& x : std::exchange(state.under_way, {}))
    pass_on(self, x);
  commit_next(self);
}

/// In front of the line, in their order.
void put_back(durable_recorder_state& state,
              std::vector<durable_recorder_state::entry> all) {
  for (const auto& x : all)
    state.events_in_line += x.what.what.size();
  std::ranges::move(state.line, std::back_inserter(all));
  state.line = std::move(all);
}

/// Whoever waits for one of these hears of it.
template <class Which>
void refuse(durable_recorder_state& state, const failure& why, Which which) {
  auto all = std::exchange(state.line, {});
  state.events_in_line = 0;
  for (auto& x : all)
    if (x.promise.pending() && which(x))
      x.promise.deliver(to_error(why));
    else {
      state.events_in_line += x.what.what.size();
      state.line.push_back(std::move(x));
    }
}

/// Nothing is tried before what has happened is written.
void block(durable_recorder_state& state, const failure& why, timestamp now,
           std::vector<durable_recorder_state::entry> failed) {
  state.room.blocked(now, try_again_after);
  put_back(state, std::move(failed));
  refuse(state, why, [](const auto&) {
    return true;
  });
}

/// It may only be too large: what is smaller is tried.
void refuse_wish(durable_recorder_state& state, const failure& why,
                 timestamp now, durable_recorder_state::entry& failed) {
  state.room.refused(protocol::weight_of(failed.what), now, try_again_after);
  failed.promise.deliver(to_error(why));
  refuse(state, why, [&](const auto& x) {
    return !state.room.admits(protocol::weight_of(x.what), now);
  });
}

/// What somebody waits for is not done; the rest is tried again.
void not_committed(self_ptr self, const failure& why) {
  auto& state = self->state;
  auto now = self->clock().now();
  auto all = std::exchange(state.under_way, {});
  state.one_by_one = all.size() > 1 && why.code == errc::journal_failed;
  if (state.one_by_one) {
    put_back(state, std::move(all));
    commit_next(self);
    return;
  }
  if (!state.trouble)
    spdlog::error("the journal cannot be written, and nothing that must be "
                  "recorded is done until it can: {}",
                  protocol::printable(why.what));
  state.trouble = why;
  bool is_wish = why.code == errc::journal_failed && all.size() == 1
                 && all.front().promise.pending();
  if (is_wish)
    refuse_wish(state, why, now, all.front());
  else
    block(state, why, now, std::move(all));
  bool lost = why.code != errc::journal_failed
              || state.events_in_line > line_max || (state.leaving && !is_wish);
  if (lost) {
    refuse(state, why, [](const auto&) {
      return true;
    });
    self->quit(to_error(why));
    return;
  }
  self->delayed_send(self, try_again_after, wake_atom_v);
  commit_next(self);
}

/// One transaction at a time, of all that is in line.
void commit_next(self_ptr self) {
  auto& state = self->state;
  if (!state.under_way.empty() || state.room.is_blocked(self->clock().now()))
    return;
  if (state.line.empty()) {
    state.one_by_one = false;
    if (state.leaving)
      self->quit(state.leaving);
    return;
  }
  if (state.one_by_one) {
    state.events_in_line -= state.line.front().what.what.size();
    state.under_way.push_back(std::move(state.line.front()));
    state.line.erase(state.line.begin());
  } else {
    state.under_way = std::exchange(state.line, {});
    state.events_in_line = 0;
  }
  commit order;
  for (const auto& x : state.under_way)
    order.what.push_back(x.what);
  self->request(state.with.writer, patience, std::move(order))
    .then(
      [self] {
        committed(self);
      },
      [self](const caf::error& why) {
        not_committed(self, to_failure(why));
      });
}

bool is_news(const record& x) {
  return x.rows.empty()
         && std::ranges::all_of(x.what, protocol::is_news, &event::kind);
}

durable_recorder_state::entry&
stand_in_line(durable_recorder_state& state, journal_entry what) {
  state.events_in_line += what.what.size();
  for (auto& told : what.what)
    if (told.detail.size() > detail_max)
      told.detail.resize(detail_max); // A page's address can have megabytes.
  return state.line.emplace_back(
    durable_recorder_state::entry{std::move(what), {}});
}

/// What the pages caused too often is left out. What is told of that is in
/// line for itself: if `x` is refused by the disk, that has happened still.
void limit_pages(durable_recorder_state& state, record& x, timestamp now) {
  auto all = state.rate.admit(std::exchange(x.what, {}), now);
  events counts;
  for (auto& told : all)
    (told.kind == event_kind::events_suppressed ? counts : x.what)
      .push_back(std::move(told));
  if (!counts.empty())
    stand_in_line(state, {now, std::move(counts), {}});
}

caf::result<void> take(self_ptr self, record& x) {
  auto& state = self->state;
  auto now = self->clock().now();
  bool asked = self->current_sender() != nullptr;
  if (asked && state.trouble
      && !state.room.admits(protocol::weight_of({now, x.what, x.rows}), now)) {
    auto why = *state.trouble;
    why.retry_after = state.room.until() - now;
    return to_error(why);
  }
  if (!asked && state.events_in_line + x.what.size() > news_max && is_news(x)) {
    state.left_out += x.what.size();
    return caf::unit;
  }
  if (state.events_in_line + x.what.size() > line_max) {
    auto why = state.trouble.value_or(
      fail(errc::journal_failed, "The journal's disk is too slow."));
    if (!asked)
      self->quit(to_error(why));
    return to_error(why);
  }
  limit_pages(state, x, now); // Not before: its counts are told once.
  caf::typed_response_promise<void> promise;
  if (asked || !x.what.empty() || !x.rows.empty()) {
    auto& entry
      = stand_in_line(state, {now, std::move(x.what), std::move(x.rows)});
    if (asked)
      entry.promise = promise = self->make_response_promise<void>();
  }
  commit_next(self);
  if (asked)
    return promise;
  return caf::unit;
}

} // namespace

durable_recorder_shell::behavior_type
durable_recorder(self_ptr self, const durable_start& with) {
  self->state.with = with;
  self->link_to(with.memory);
  self->link_to(with.writer);
  self->set_exit_handler([self](const caf::exit_msg& x) {
    auto& state = self->state;
    state.leaving = x.reason;
    bool alone = x.source == state.with.memory.address()
                 || x.source == state.with.writer.address();
    if (alone || (state.under_way.empty() && state.trouble))
      self->quit(x.reason);
    else
      commit_next(self);
  });
  return {
    [self](record& x) {
      return take(self, x);
    },
    [self](const watch& x) {
      return self->delegate(self->state.with.memory, x);
    },
    [self](const watch_also& x) {
      return self->delegate(self->state.with.memory, x);
    },
    [self](const get_recent& x) {
      return self->delegate(self->state.with.memory, x);
    },
    [self](const get_journal&) {
      auto& trouble = self->state.trouble;
      return trouble ? trouble->what : std::string{};
    },
    [self](wake_atom) {
      commit_next(self);
    },
  };
}

} // namespace berth::actors

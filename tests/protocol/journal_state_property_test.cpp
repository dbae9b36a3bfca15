// Whatever happens in whatever order: the rows that the changes name, written
// one by one, are the state that was told.

#include "protocol/journal_rows.hpp"
#include "protocol/journal_state.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr calendar when{timestamp{1h}, 1000h};

/// Tables as a store keeps them: rows by their keys, as cells.
class tables {
public:
  void write(const journal_state& state, const journal_changes& changed) {
    for (auto id : changed.leases)
      put(state.leases, id, {int64_t(id.value)});
    for (auto id : changed.clients)
      put(state.clients, id, {int64_t(id.value)});
    for (const auto& name : changed.browsers)
      put(state.browsers, name, {name});
    for (auto id : changed.sessions)
      put(state.sessions, id, {int64_t(id.value)});
    for (auto [session, run] : changed.runs) {
      auto& rows = rows_[&table_of<session_run>()];
      cells key{int64_t(session.value), int64_t(run.value)};
      rows.erase(key);
      if (auto i = state.sessions.find(session); i != state.sessions.end())
        if (auto at = i->second.runs.find(run); at != i->second.runs.end())
          rows[key] = to_cells(session_run{session, at->second}, when);
    }
    last_session_ = state.last_session;
  }

  journal_state read() {
    journal_state result;
    each<lease>([&](lease&& x) {
      result.leases[x.id] = std::move(x);
    });
    each<client_row>([&](client_row&& x) {
      result.clients[x.id] = std::move(x);
    });
    each<browser_row>([&](browser_row&& x) {
      result.browsers[x.name] = std::move(x);
    });
    each<session_row>([&](session_row&& x) {
      result.sessions[x.id] = std::move(x);
    });
    each<session_run>([&](session_run&& x) {
      result.sessions.at(x.session).runs[x.run.id] = std::move(x.run);
    });
    result.last_session = last_session_;
    return result;
  }

private:
  template <class Key, class Row>
  void put(const std::map<Key, Row>& from, const Key& id, const cells& key) {
    auto& rows = rows_[&table_of<Row>()];
    rows.erase(key);
    if (auto i = from.find(id); i != from.end())
      rows[key] = to_cells(i->second, when);
  }

  template <class Row, class Take>
  void each(Take take) {
    for (auto& [key, row] : rows_[&table_of<Row>()])
      take(from_cells<Row>(row, when).value());
  }

  std::map<const table*, std::map<cells, cells>> rows_;
  session_id last_session_;
};

class fate {
public:
  explicit fate(uint64_t seed) : rng_{seed} {
    // nop
  }

  uint64_t below(uint64_t most) {
    return std::uniform_int_distribution<uint64_t>{0, most - 1}(rng_);
  }

  journal_entry draw() {
    journal_entry result;
    result.at = timestamp{1h + std::chrono::seconds{++drawn_}};
    for (auto left = 1 + below(4); left > 0; --left) {
      event x;
      x.kind = static_cast<event_kind>(
        below(uint64_t(event_kind::downloads_kept) + 1));
      x.lease = {below(4)};
      x.client = {below(4)};
      x.session = {below(2) * below(4)};
      x.run = {below(5)};
      x.length = below(9);
      x.key = below(2) ? "a" : "b";
      x.browser = below(2) ? "one" : "two";
      x.estimate = 1min;
      x.detail = below(2) ? "complete" : "failed, tab.lost";
      result.what.push_back(std::move(x));
    }
    if (below(3) == 0)
      result.rows.push_back(draw_row());
    return result;
  }

private:
  journal_row draw_row() {
    if (below(3) == 0) {
      lease x;
      x.id = {1 + below(3)};
      x.ttl = 1min;
      x.deadline = timestamp{2h};
      return x;
    }
    if (below(2) == 0) {
      session_row x;
      x.id = {1 + below(3)};
      x.provider = "c";
      x.over = {{1 + below(4)}};
      x.addresses = {{"c", "https://c"}};
      return x;
    }
    session_run x{{1 + below(3)}, {}};
    x.run.id = {1 + below(4)};
    x.run.what.text = "Why?";
    if (below(2))
      x.run.result = session_state::complete;
    return x;
  }

  std::mt19937_64 rng_;
  int drawn_ = 0;
};

} // namespace

TEST(JournalStateProperty, TheRowsAreTheStateThatWasTold) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    fate it{seed};
    journal_state state;
    tables kept;
    for (int i = 0; i < 50; ++i) {
      journal_changes changed;
      for (auto batch = 1 + it.below(3); batch > 0; --batch)
        tell(state, it.draw(), 2, changed);
      kept.write(state, changed);
      ASSERT_EQ(kept.read(), state) << "seed " << seed << ", step " << i;
    }
    journal_changes changed;
    tell(state, obituary(state, timestamp{9h}), 2, changed);
    kept.write(state, changed);
    for (auto& [id, x] : kept.read().leases)
      EXPECT_TRUE(lives_on(x, state)) << "seed " << seed;
    EXPECT_TRUE(left_astray(state).empty()) << "seed " << seed;
  }
}

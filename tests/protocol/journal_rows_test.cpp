#include "protocol/journal_rows.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr calendar then{timestamp{5h}, 470000h};

/// Another process reads it, whose clock began at another time.
constexpr calendar later{timestamp{1min}, 470001h};

template <class Row>
void expect_same(const Row& x) {
  auto cells = to_cells(x, then);
  EXPECT_EQ(cells.size(), table_of<Row>().columns.size());
  EXPECT_EQ(from_cells<Row>(cells, then), x);
}

session_run make_run() {
  session_run x{{7}, {}};
  x.run.id = {3};
  x.run.leg = 2;
  x.run.what = {"Why?\nReally?", {"/a b", "/c\nd\\e"}, "m", "pro"};
  x.run.background = true;
  x.run.due = timestamp{6h};
  x.run.queued_until = timestamp{7h};
  x.run.timeout = 90s;
  x.run.state = session_state::stopping;
  x.run.hold = hold_reason::preempted;
  x.run.result = session_state::failed;
  x.run.why = fail(errc::tab_lost, "Its tab is lost.");
  x.run.why.cause = loss_cause::crashed;
  x.run.why.generation = 4;
  x.run.why.restorable = true;
  x.run.provider = "chatgpt";
  x.run.url = "https://chatgpt.com/c/1";
  x.run.answer = "Because.";
  x.run.started = timestamp{4h};
  x.run.tabs_lost = 1;
  return x;
}

} // namespace

TEST(JournalRows, KnowsHowFarTheWallClockWasMoved) {
  EXPECT_EQ(drift(then, {then.here + 1h, then.since_1970 + 1h}), duration{0});
  EXPECT_EQ(drift(then, {then.here, then.since_1970 + 3h}), duration{3h});
  EXPECT_EQ(drift(then, {then.here + 1h, then.since_1970}), duration{-1h});
}

TEST(JournalRows, ReadWhatTheyWrote) {
  audit_row told;
  told.serial = 9;
  told.epoch = 2;
  told.at = timestamp{3h};
  told.what.kind = event_kind::run_ended;
  told.what.client = {~uint64_t{0}};
  told.what.token = {2, 8};
  told.what.cause = loss_cause::browser_gone;
  told.what.estimate = 3s;
  told.what.detail = "it 'ended'";
  told.what.browser = "work";
  expect_same(told);
  lease held;
  held.id = {4};
  held.key = {"web"};
  held.kind = holder_kind::session;
  held.profile = profile_kind::isolated;
  held.state = lease_state::bound;
  held.target = {"5A0C"};
  held.ttl = 60s;
  held.browser = {"work"};
  held.downloads = "/in";
  expect_same(held);
  session_row talk;
  talk.id = {7};
  talk.addresses = {{"a", "https://a/1"}, {"b", ""}};
  talk.over = {{1}, {12}};
  talk.used = timestamp{2h};
  talk.browser = {"work"};
  expect_same(talk);
  expect_same(make_run());
  expect_same(session_run{{7}, {}});
  expect_same(client_row{{5}, "shell"});
  expect_same(browser_row{"main", true, "Chrome/1"});
}

TEST(JournalRows, KeepInstantsForAProcessWithAnotherClock) {
  auto read = from_cells<session_run>(to_cells(make_run(), then), later);
  ASSERT_TRUE(read);
  // An hour has gone by, and the clock is at one minute.
  EXPECT_EQ(read->run.due, timestamp{1min});
  EXPECT_EQ(read->run.queued_until, timestamp{1h + 1min});
  EXPECT_EQ(read->run.started, timestamp{1min - 2h});
  EXPECT_EQ(read->run.settled, timestamp{});
}

TEST(JournalRows, RefuseWhatMakesNoSense) {
  auto good = to_cells(client_row{{5}, "shell"}, then);
  auto word = good, shorter = good, longer = good;
  word[0] = "five";
  shorter.pop_back();
  longer.emplace_back("more");
  for (const auto& x : {word, shorter, longer})
    EXPECT_EQ(from_cells<client_row>(x, then), std::nullopt);
  auto held = to_cells(lease{}, then);
  held[4] = "nobody"; // The kind of its holder.
  EXPECT_EQ(from_cells<lease>(held, then), std::nullopt);
  auto talk = to_cells(session_row{}, then);
  talk[4] = "1\ntwo\n"; // The runs that are over.
  EXPECT_EQ(from_cells<session_row>(talk, then), std::nullopt);
}

TEST(JournalRows, KeepAnyTextInALine) {
  for (const std::vector<std::string>& x :
       {std::vector<std::string>{}, {""}, {"", ""}, {"a\nb", "\\n", "\\"}})
    EXPECT_EQ(split_lines(join_lines(x)), x);
}

// Beside a session that is drilled goes a model of its clients and its page:
// it believes only what the events and the acts say, and complains of whatever
// breaks a promise.

#pragma once

#include "protocol/session_machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace berth::protocol::test {

using namespace std::chrono_literals;

/// A run as its client and its page know it.
struct known_run {
  bool background = false;
  bool replaces = false;
  bool waits = false; ///< It must be started again, or ended.
  bool settled = false;
  bool complete = false;
  bool cancelled = false; ///< Somebody stopped or superseded it.
  bool confirmed = false;
  bool yields = false; ///< It was told to give way.
  bool unsure = false; ///< Its tab died before its prompt was seen.
  std::string text;
  std::string answer;
  timestamp due;
  int begun = 0;
  int may_begin = 1; ///< One more with each time that it gave way.
};

class session_model {
public:
  /// @param by_page It answers a report of the page side.
  void learn(const session_decision& what, timestamp now, bool by_page) {
    now_ = now;
    by_page_ = by_page;
    for (const auto& x : what.events)
      std::visit(
        [this](const auto& event) {
          hear(event);
        },
        x);
    for (const auto& x : what.acts)
      std::visit(
        [this](const auto& act) {
          obey(act);
        },
        x);
  }

  void left_line(timestamp until) {
    if (std::exchange(in_line_, false))
      blocked_until = until;
  }

  void forget_blocks() {
    in_line_ = false;
    blocked_until = {};
  }

  static void expect_nothing(const session_decision& x) {
    EXPECT_TRUE(x.events.empty() && x.acts.empty()) << "a refusal changed it";
  }

  void check(const session_machine& machine,
             const session_machine::limits& most, timestamp now) const {
    const auto& row = machine.row();
    EXPECT_EQ(row.owner, owner);
    EXPECT_TRUE(!owner || row.runs.at(owner).leg == leg);
    EXPECT_EQ(machine.waiting(), waiting.size());
    EXPECT_LE(machine.waiting(), most.waiters_max);
    EXPECT_LE(row.over.size(), most.runs_kept_max);
    size_t interactive = 0;
    size_t background = 0;
    for (const auto& [id, x] : runs) {
      check_run(machine.find(id), id, x);
      (x.background ? background : interactive) += x.waits;
      EXPECT_FALSE(x.waits && x.due <= now && !owner && now >= blocked_until)
        << "the session idles, and run " << id.value << " waits";
    }
    if (owner && interactive_waits()) {
      const auto& mine = runs.at(owner);
      EXPECT_TRUE(!mine.background || mine.yields || mine.settled)
        << "an interactive run waits for a background one";
    }
    EXPECT_LE(interactive, most.queue.interactive_max + 1);
    EXPECT_LE(background, most.queue.background_max + 1);
    if (auto next = machine.next_deadline()) {
      EXPECT_GT(*next, now) << "would wake for ever";
    }
  }

  run_id owner;
  uint64_t leg = 0;
  timestamp blocked_until; ///< There was no tab.
  std::map<run_id, known_run> runs;
  std::map<waiter_id, run_id> waiting;

private:
  void check_run(const run* kept, run_id id, const known_run& x) const {
    EXPECT_TRUE(kept || (x.settled && id != owner)) << "lost";
    EXPECT_EQ(x.waits, kept && kept->state == session_state::queued);
    if (!kept)
      return;
    EXPECT_EQ(kept->answer, x.answer) << "another's answer, or none";
    EXPECT_EQ(kept->what.text, x.text) << "another's prompt";
    EXPECT_EQ(kept->result.has_value(), x.settled);
    EXPECT_EQ(kept->result == session_state::complete, x.complete)
      << "reverted";
  }

  bool interactive_waits() const {
    return std::ranges::any_of(runs, [](const auto& x) {
      return x.second.waits && !x.second.background;
    });
  }

  void hear(const run_started& x) {
    EXPECT_FALSE(owner) << "two own the session";
    owner = x.run.run;
    leg = x.run.leg;
    auto& mine = runs.at(owner);
    EXPECT_TRUE(mine.waits) << "started, but did not wait";
    EXPECT_FALSE(mine.settled || mine.cancelled) << "a dead run starts";
    EXPECT_LE(mine.due, now_) << "before its time";
    mine.waits = mine.confirmed = mine.yields = false;
    for (const auto& [id, other] : runs) {
      if (!other.waits)
        continue;
      EXPECT_TRUE(!mine.background || other.background) << "background first";
      EXPECT_TRUE(mine.replaces || !other.replaces) << "the replacement waits";
      bool same = mine.background == other.background && !mine.replaces;
      EXPECT_FALSE(same
                   && std::pair(other.due, id) < std::pair(mine.due, owner))
        << "overtaken";
    }
    in_line_ = false;
  }

  void hear(const run_confirmed& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
    EXPECT_FALSE(std::exchange(runs.at(owner).confirmed, true));
    runs.at(owner).unsure = false;
  }

  void hear(const run_settled& x) {
    auto& mine = runs.at(x.run);
    EXPECT_FALSE(std::exchange(mine.settled, true)) << "two results";
    EXPECT_TRUE(is_final(x.result));
    EXPECT_EQ(x.result == session_state::complete, x.why == errc::ok);
    mine.complete = x.result == session_state::complete;
    mine.waits = false;
    EXPECT_FALSE(mine.complete && mine.cancelled) << "a stopped run proceeds";
    EXPECT_FALSE(mine.yields && !mine.cancelled
                 && x.result == session_state::interrupted
                 && x.why != errc::session_closed)
      << "a preempted run does not run again";
  }

  void hear(const run_ended& x) {
    EXPECT_EQ(x.run, owner) << "ended without the session";
    EXPECT_TRUE(by_page_ || gone_by_.value_or(timestamp::max()) <= now_)
      << "nobody saw it end";
    gone_by_.reset();
    owner = {};
  }

  void hear(const run_queued& x) {
    auto& mine = runs.at(x.run);
    EXPECT_FALSE(mine.settled) << "a dead run waits";
    EXPECT_NE(x.run, owner) << "the owner waits";
    mine.waits = true;
    mine.may_begin += x.why == hold_reason::preempted;
    EXPECT_LT(x.ahead, runs.size());
  }

  void hear(const run_adrift& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg + 1}));
    leg = x.run.leg;
    runs.at(owner).unsure |= !runs.at(owner).confirmed;
  }

  void hear(const run_resumed& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
  }

  void hear(const run_yielding& x) {
    EXPECT_EQ(x.run, owner);
    EXPECT_TRUE(runs.at(owner).background);
    runs.at(owner).yields = true;
    EXPECT_TRUE(interactive_waits()) << "gives way to nobody";
  }

  void hear(const run_overdue& x) {
    EXPECT_EQ(x.run, owner);
  }

  void hear(const session_moved& x) {
    EXPECT_TRUE(x.where);
  }

  void hear(const session_ended&) {
    EXPECT_FALSE(owner);
  }

  void hear(const run_progressed& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
  }

  void hear(const provider_switched& x) {
    provider_ = x.provider;
  }

  void obey(const begin_run& x) {
    auto& mine = runs.at(x.run.run);
    EXPECT_EQ(x.what.text, mine.text) << "another's prompt";
    EXPECT_LE(++mine.begun, mine.may_begin) << "sent twice";
    EXPECT_FALSE(mine.unsure) << "perhaps sent twice";
    EXPECT_EQ(x.provider, provider_);
  }

  void obey(const join_line&) {
    EXPECT_FALSE(std::exchange(in_line_, true)) << "two places in the line";
  }

  void obey(const leave_line&) {
    forget_blocks();
  }

  /// To a run that has ended within the same decision, acts come too late.
  void obey(const halt_run& x) {
    EXPECT_FALSE(x.run.run == owner && x.run.leg > leg);
  }

  void obey(const answer_waiter& x) {
    auto entry = waiting.extract(x.waiter);
    ASSERT_TRUE(entry) << "answered twice, or unasked";
    EXPECT_EQ(entry.mapped(), x.run) << "another's answer";
  }

  void obey(const confirm_prompt& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
    const auto& mine = runs.at(owner);
    EXPECT_FALSE(mine.confirmed || mine.settled) << "no need to confirm";
  }

  void obey(const follow_run& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
    const auto& mine = runs.at(owner);
    EXPECT_TRUE(mine.confirmed) << "an answer to a prompt that is not there";
    EXPECT_FALSE(mine.settled) << "a dead run proceeds";
  }

  /// Once the tab's lease is over, nothing can be written from there.
  void obey(const discard_tab& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
    gone_by_ = now_ + timeouts{}.silence;
  }

  void obey(const recover_tab_of& x) {
    EXPECT_EQ(x.run, (run_ref{owner, leg}));
    EXPECT_FALSE(x.url.empty()) << "a tab for no conversation";
  }

  template <class Act>
  void obey(const Act&) {
    // nop
  }

  timestamp now_;
  bool by_page_ = false;
  bool in_line_ = false; ///< For a tab.
  std::string provider_ = "a";
  std::optional<timestamp> gone_by_; ///< Of the owner's discarded tab.
};

} // namespace berth::protocol::test

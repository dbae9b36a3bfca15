// What holds for a session whatever is asked of it and reported to it, in any
// order: random requests and reports, stale ones too, and every invariant
// checked after each.

#include "tests/protocol/session_model.hpp"

#include <random>

using namespace berth::protocol;
using namespace berth::protocol::test;

namespace {

class drill {
public:
  explicit drill(uint64_t seed)
    : dice_{seed}, most_{draw_limits()}, machine_{new_row(), most_, now_} {
    // nop
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += 1ms * below(below(20) == 0 ? 200000 : 3000);
      if (below(8) != 0)
        learn(machine_.expire(now_));
      step();
      learn(machine_.expire(now_));
      model_.check(machine_, most_, now_);
    }
    come_to_rest();
  }

private:
  uint64_t below(uint64_t limit) {
    return dice_() % limit;
  }

  session_machine::limits draw_limits() {
    session_machine::limits result;
    result.queue = {1 + below(4), 1 + below(4)};
    result.waiters_max = 3 + below(12);
    result.runs_kept_max = 1 + below(6);
    result.tabs_lost_max = below(4);
    result.times.of_tier.fill(60s * (1 + below(10)));
    return result;
  }

  static session_row new_row() {
    session_row result;
    result.provider = "a";
    result.used = timestamp{1h};
    return result;
  }

  void learn(const session_decision& what, bool by_page = false) {
    model_.learn(what, now_, by_page);
  }

  // -- what is done

  void step() {
    switch (below(16)) {
      case 0:
      case 1:
      case 2:
        return send();
      case 3:
        return poll();
      case 4:
        return stop();
      case 5:
        if (below(4) == 0)
          learn(machine_.drop({1 + below(3)}, now_));
        return;
      case 6:
        if (below(4) == 0)
          switch_provider();
        return;
      case 7:
        return leave_line();
      case 8:
        return learn(machine_.reattach({}, now_));
      case 9:
        if (below(6) == 0)
          restart();
        return;
      default:
        return report();
    }
  }

  void send() {
    send_prompt what;
    what.by.client = {1 + below(3)};
    what.until = static_cast<wait_until>(below(3));
    if (below(3) > 0)
      what.waiter = {++waiters_made_};
    what.what.text = std::to_string(++texts_made_);
    what.background = below(3) == 0;
    what.interrupt = !what.background && below(5) == 0;
    if (what.background && below(3) == 0)
      what.delay = 1s * below(300);
    what.wait = 1s * (below(3) * below(200));
    auto before = machine_.row();
    auto decision = machine_.send(what, now_);
    if (decision.why.code != errc::ok) {
      EXPECT_EQ(machine_.row().runs, before.runs);
      EXPECT_TRUE(is_typed(decision.why)) << to_string(decision.why.code);
      return session_model::expect_nothing(decision);
    }
    EXPECT_FALSE(model_.runs.contains(decision.run)) << "an id twice";
    auto& mine = model_.runs[decision.run];
    mine.background = what.background;
    mine.replaces = what.interrupt;
    mine.text = what.what.text;
    mine.due = now_ + what.delay;
    mine.waits = true;
    if (what.waiter && what.until != wait_until::accepted)
      model_.waiting[what.waiter] = decision.run;
    if (what.interrupt)
      for (auto& [id, x] : model_.runs)
        if (!x.settled && (id == model_.owner || (x.replaces && x.waits)))
          x.cancelled |= id != decision.run;
    learn(decision);
  }

  /// The typed refusals of a prompt that is in order.
  static bool is_typed(const failure& x) {
    switch (x.code) {
      case errc::session_busy:
        return x.owner > 0 && x.retry_after > 0s;
      case errc::session_queue_full:
        return x.active >= x.cap && x.cap > 0;
      case errc::capacity:
      case errc::browser_unavailable:
      case errc::session_closed:
        return true;
      default:
        return false;
    }
  }

  void poll() {
    poll_run what{
      client_id{1 + below(3)}, {++waiters_made_}, draw_run(), 1s * below(90)};
    auto decision = machine_.poll(what, now_);
    session_model::expect_nothing(decision);
    if (decision.why.code != errc::ok)
      return;
    if (what.wait > 0s && !machine_.find(decision.run)->result)
      model_.waiting[what.waiter] = decision.run;
  }

  void stop() {
    auto decision = machine_.stop({draw_run()}, now_);
    if (decision.why.code != errc::ok)
      return session_model::expect_nothing(decision);
    auto& mine = model_.runs.at(decision.run);
    mine.cancelled |= !mine.settled;
    learn(decision);
    auto now = machine_.state_of(*machine_.find(decision.run));
    EXPECT_TRUE(is_final(now) || now == session_state::stopping);
  }

  void switch_provider() {
    auto decision = machine_.switch_to({below(2) == 0 ? "a" : "b"}, now_);
    if (!decision.events.empty())
      model_.blocked_until = {};
    learn(decision);
  }

  /// Its turn has come, or it lost its place.
  void leave_line() {
    duration retry_after = 1s * (below(2) * below(30));
    model_.left_line(now_ + retry_after);
    learn(machine_.line_left(retry_after, now_));
  }

  void restart() {
    learn(machine_.drop({1}, now_));
    learn(machine_.drop({2}, now_));
    learn(machine_.drop({3}, now_));
    EXPECT_TRUE(model_.waiting.empty());
    machine_ = session_machine{machine_.row(), most_, now_};
    model_.forget_blocks();
  }

  /// Zero, a run that there is, or one that there never was.
  run_id draw_run() {
    return {below(machine_.row().runs_made + 2)};
  }

  void report() {
    run_ref from{model_.owner, model_.leg};
    bool stale = below(5) == 0;
    if (stale) {
      from.run.value -= below(2) == 0 && from.run.value > 0 ? 1 : 0;
      from.leg += below(3);
      stale = from != run_ref{model_.owner, model_.leg};
    }
    auto before = machine_.row().runs;
    auto what = draw_report();
    auto decision = machine_.report({from, what}, now_);
    EXPECT_TRUE(!stale || decision.why.code == errc::run_stale);
    if (decision.why.code != errc::ok) {
      EXPECT_EQ(machine_.row().runs, before) << "a refused report wrote";
      return session_model::expect_nothing(decision);
    }
    ASSERT_TRUE(model_.owner) << "nobody's report was heard";
    auto& mine = model_.runs.at(model_.owner);
    learn(decision, true);
    if (auto done = std::get_if<answer_done>(&what)) {
      EXPECT_TRUE(mine.confirmed) << "an answer to nothing";
      mine.answer = mine.complete ? done->text : "";
    }
    auto refused = std::get_if<tab_refused>(&what);
    if (refused && mine.waits
        && machine_.find(from.run)->hold == hold_reason::capacity) {
      ++mine.may_begin;
      auto why = refused->why;
      model_.blocked_until
        = now_
          + (why.code == errc::capacity
               ? most_.line_within
               : std::max(why.retry_after, most_.retry_after_min));
    }
  }

  decltype(page_report::what) draw_report() {
    auto why = fail(errc::rate_limited, "Slow down.");
    why.retry_after = 1s * below(60);
    switch (below(16)) {
      case 0:
      case 1:
      case 2:
        return prompt_seen{};
      case 3:
        return prompt_missing{};
      case 4:
        return run_alive{};
      case 5:
        return answer_seen{below(9)};
      case 6:
      case 7:
        return page_named{"https://a.example/" + std::to_string(below(3)), "t"};
      case 8:
      case 9:
        return answer_done{"answer " + std::to_string(++texts_made_)};
      case 10:
        return page_failed{why};
      case 11:
        return page_ended{};
      case 12:
        why.code = below(2) == 0 ? errc::capacity : errc::browser_unavailable;
        return tab_refused{why};
      case 13:
        return tab_gone{loss_cause::crashed};
      default:
        return tab_back{};
    }
  }

  /// Liveness: nothing more is asked and the page says nothing more, and still
  /// every run gets its result and every waiter its answer, by time alone.
  void come_to_rest() {
    for (int i = 0; !testing::Test::HasFailure(); ++i) {
      learn(machine_.expire(now_));
      auto next = machine_.next_deadline();
      if (!next)
        break;
      now_ = *next;
      ASSERT_LT(i, 1000) << "never rests";
    }
    EXPECT_TRUE(model_.waiting.empty()) << "a waiter without an answer";
    for (const auto& [id, x] : model_.runs)
      EXPECT_TRUE(x.settled && !x.waits) << "run " << id.value << " forgotten";
    EXPECT_FALSE(machine_.row().owner);
    EXPECT_EQ(machine_.state(), session_state::closed);
  }

  std::mt19937_64 dice_;
  timestamp now_{1h};
  session_machine::limits most_;
  session_machine machine_;
  session_model model_;
  uint64_t waiters_made_ = 0;
  uint64_t texts_made_ = 0;
};

} // namespace

TEST(SessionMachineProperty, T3_Q1_Q2_Q3_Q5_Q6_HoldWhateverHappens) {
  for (uint64_t seed = 1; seed <= 1500 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    drill{seed}.run(400);
  }
}

#include "protocol/completion.hpp"

#include <gtest/gtest.h>

#include <vector>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

look text(size_t length) {
  return {length, length * 31, false, false, false};
}

look with_done(look x) {
  x.done = true;
  return x;
}

look with_stop(look x) {
  x.stop = true;
  return x;
}

look with_thinking(look x) {
  x.thinking = true;
  return x;
}

struct Completion : testing::Test {
  completion rule{tier::standard};
  timestamp now = start;

  look_verdict see(const look& what, duration later = {}) {
    now += later;
    return rule.see(what, now);
  }

  /// Looks whenever the rule asks for it, and nothing changes.
  duration until_done(const look& what, duration most = 10min) {
    auto from = now;
    for (auto verdict = see(what); !verdict.done;) {
      if (now - from > most)
        return most;
      now = verdict.next;
      verdict = rule.see(what, now);
    }
    return now - from;
  }
};

} // namespace

TEST_F(Completion, EndsAMarkedAnswerAsSoonAsItStandsStill) {
  see(with_stop(text(10)));
  auto verdict = see(with_done(text(20)), 1s);
  EXPECT_FALSE(verdict.done);
  EXPECT_EQ(verdict.next, now + 100ms);
  EXPECT_FALSE(see(with_done(text(20)), 60ms).done);
  verdict = see(with_done(text(20)), 39ms);
  EXPECT_EQ(verdict.next, now + 1ms);
  EXPECT_TRUE(see(with_done(text(20)), 1ms).done);
}

TEST_F(Completion, EndsAStillAnswerAtOnceWhenTheMarkerComes) {
  see(text(20));
  see(text(20), 1s);
  EXPECT_TRUE(see(with_done(text(20)), 1ms).done);
}

TEST_F(Completion, WaitsWhileAMarkedAnswerStillGrows) {
  for (size_t i = 1; i < 100; ++i)
    EXPECT_FALSE(see(with_done(text(i)), 99ms).done);
  EXPECT_EQ(until_done(with_done(text(99))), duration{100ms});
}

TEST_F(Completion, NoticesATextThatChangesWithoutGrowing) {
  auto other = with_done(text(20));
  other.hash = 1;
  see(with_done(text(20)));
  EXPECT_FALSE(see(other, 1s).done);
  EXPECT_TRUE(see(other, 1s).done);
}

TEST_F(Completion, NeverEndsWhileThePageWorks) {
  EXPECT_EQ(until_done(with_stop(text(20))), duration{10min});
  EXPECT_EQ(until_done(with_thinking(text(20))), duration{10min});
  EXPECT_EQ(until_done(with_done(with_stop(text(20)))), duration{10min});
  EXPECT_EQ(until_done(with_done(with_thinking(text(20)))), duration{10min});
}

TEST_F(Completion, D3_NeverEndsWithoutAnAnswer) {
  EXPECT_EQ(until_done(text(0)), duration{10min});
  EXPECT_EQ(until_done(with_done(text(0))), duration{10min});
}

TEST_F(Completion, HasPatienceWithAnUnmarkedAnswerByItsTier) {
  const std::vector<duration> expected{4s, 8s, 15s, 30s, 30s, 60s};
  for (size_t i = 0; i < tier_count; ++i) {
    rule = completion{static_cast<tier>(i)};
    EXPECT_EQ(until_done(text(20)), expected[i]) << to_string(tier(i));
  }
}

TEST_F(Completion, WantsThreeLooksAtAnUnmarkedAnswer) {
  see(text(20));
  EXPECT_FALSE(see(text(20), 1min).done);
  EXPECT_FALSE(see(text(20), 499ms).done);
  EXPECT_TRUE(see(text(20), 1ms).done);
}

TEST_F(Completion, CountsLooksOnceThatComeInABurst) {
  see(text(20));
  see(text(20), 1ms);
  see(text(20), 1ms);
  EXPECT_FALSE(see(text(20), 9s).done);
  EXPECT_TRUE(see(text(20), 500ms).done);
}

TEST_F(Completion, NeverYieldsThePartWrittenBeforeAPause) {
  see(with_stop(text(20)));
  see(text(20), 1s);
  see(text(20), 4s);
  EXPECT_FALSE(see(text(20), 3s - 1ns).done);
  EXPECT_FALSE(see(text(21), 1ns).done);
  EXPECT_FALSE(see(text(21), 7s).done);
  EXPECT_TRUE(see(with_done(text(21)), 1s).done);
}

TEST_F(Completion, NeverYieldsThePartWrittenBeforeItThinksAgain) {
  see(text(20));
  see(text(20), 4s);
  EXPECT_FALSE(see(with_thinking(text(20)), 3999ms).done);
  // The marker is gone, the rest not there yet: the patience begins anew.
  EXPECT_FALSE(see(text(20), 1s).done);
  EXPECT_FALSE(see(text(20), 6s).done);
  EXPECT_FALSE(see(text(300), 1s).done);
  EXPECT_EQ(until_done(text(300)), duration{8s});
}

TEST_F(Completion, LooksSeldomerWhileNothingChanges) {
  std::vector<duration> pauses;
  for (int i = 0; i < 6; ++i) {
    auto next = see(with_stop(text(20))).next;
    pauses.push_back(next - now);
    now = next;
  }
  EXPECT_EQ(pauses, (std::vector<duration>{500ms, 1s, 2s, 4s, 4s, 4s}));
  auto verdict = see(with_stop(text(21)));
  EXPECT_EQ(verdict.next, now + 500ms);
}

TEST_F(Completion, LooksSoonerWhenTheAnswerMayBeWholeBefore) {
  see(text(20));
  see(text(20), 500ms);
  see(text(20), 1s);
  see(text(20), 2s);
  auto verdict = see(text(20), 2s);
  EXPECT_EQ(verdict.next, now + 2500ms);
  verdict = see(text(20), 2400ms);
  EXPECT_EQ(verdict.next, now + 500ms);
}

TEST_F(Completion, StaysDoneOnceItIs) {
  see(with_done(text(20)));
  EXPECT_TRUE(see(with_done(text(20)), 1s).done);
  EXPECT_TRUE(see(with_stop(text(30)), 1s).done);
}

#include "cdp/call_table.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace berth::cdp;
using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

} // namespace

TEST(CallTable, AnswersACallOnce) {
  call_table<std::string> calls;
  calls.open(7, "alice", start + 30s);
  EXPECT_EQ(calls.close(7), "alice");
  EXPECT_FALSE(calls.close(7));
}

TEST(CallTable, GivesUpTheLateOnesOnly) {
  call_table<std::string> calls;
  calls.open(1, "alice", start + 10s);
  calls.open(2, "bob", start + 20s);
  EXPECT_EQ(calls.next_deadline(), start + 10s);
  EXPECT_EQ(calls.expire(start + 10s), std::vector<std::string>{"alice"});
  EXPECT_EQ(calls.next_deadline(), start + 20s);
}

TEST(CallTable, GivesALateAnswerToNobody) {
  call_table<std::string> calls;
  calls.open(1, "alice", start + 10s);
  calls.open(2, "bob", start + 20s);
  calls.expire(start + 10s);
  EXPECT_FALSE(calls.close(1));
  EXPECT_EQ(calls.close(2), "bob");
}

TEST(CallTable, LeavesNoCallUnansweredWhenTheConnectionIsLost) {
  call_table<std::string> calls;
  calls.open(1, "alice", start + 10s);
  calls.open(2, "bob", start + 20s);
  EXPECT_EQ(calls.abandon().size(), 2u);
  EXPECT_EQ(calls.size(), 0u);
  EXPECT_FALSE(calls.next_deadline());
}

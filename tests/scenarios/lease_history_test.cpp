#include "scenarios/lease_history.hpp"

#include <gtest/gtest.h>

using namespace berth::scenarios;
using namespace std::chrono_literals;

namespace {

const target_id tab{"T"};
const lease_ref first{{1}, {1, 1}};
const lease_ref second{{2}, {1, 2}};
const lease_ref of_next_daemon{{3}, {2, 1}};

constexpr lease_history::call from(int asked, int told) {
  return {timestamp{std::chrono::seconds{asked}},
          timestamp{std::chrono::seconds{told}}};
}

} // namespace

TEST(LeaseHistory, L2_HoldersMayFollowOneAnother) {
  lease_history x;
  EXPECT_EQ(x.held(first, tab, from(1, 2)), "");
  EXPECT_EQ(x.held(first, tab, from(3, 4)), "");
  EXPECT_EQ(x.held(second, tab, from(3, 6)), "");
  EXPECT_EQ(x.held(of_next_daemon, tab, from(7, 8)), "");
}

/// What was asked in time may be answered late.
TEST(LeaseHistory, L2_CallsThatOverlapMayHaveHappenedInEitherOrder) {
  lease_history x;
  EXPECT_EQ(x.held(second, tab, from(1, 5)), "");
  EXPECT_EQ(x.held(first, tab, from(2, 9)), "");
}

TEST(LeaseHistory, L2_ATabIsOfNoUseToWhoHadItBefore) {
  lease_history x;
  EXPECT_EQ(x.held(first, tab, from(1, 2)), "");
  EXPECT_EQ(x.held(of_next_daemon, tab, from(3, 4)), "");
  EXPECT_EQ(x.held(first, tab, from(5, 6)),
            "tab T was of use to 3:2.1 and 1:1.1 by turns");
}

/// The answers may come in any order.
TEST(LeaseHistory, L2_ALateAnswerShowsItToo) {
  lease_history x;
  EXPECT_EQ(x.held(first, tab, from(1, 2)), "");
  EXPECT_EQ(x.held(first, tab, from(5, 9)), "");
  EXPECT_EQ(x.held(second, tab, from(3, 4)),
            "tab T was of use to 1:1.1 and 2:1.2 by turns");
}

/// A parked tab may be the new one of a lease that has lost its own.
TEST(LeaseHistory, L2_AnOlderLeaseMayComeLater) {
  lease_history x;
  EXPECT_EQ(x.held(second, tab, from(1, 2)), "");
  EXPECT_EQ(x.held(first, tab, from(3, 4)), "");
}

TEST(LeaseHistory, L2_WhatWasGivenBackIsOver) {
  lease_history x;
  EXPECT_EQ(x.held(first, tab, from(1, 2)), "");
  x.released(first, from(3, 5));
  x.released(first, from(6, 7));
  EXPECT_EQ(x.held(first, tab, from(4, 8)), "");
  EXPECT_EQ(x.held(first, tab, from(6, 9)),
            "1:1.1 is of use after it was given back");
}

TEST(LeaseHistory, L2_TabsAreNothingToEachOther) {
  lease_history x;
  EXPECT_EQ(x.held(second, tab, from(1, 2)), "");
  EXPECT_EQ(x.held(first, {"U"}, from(5, 6)), "");
}

#include "protocol/roll_call.hpp"

#include <gtest/gtest.h>

namespace berth::protocol {

TEST(RollCall, O1_IsPatientOnce) {
  roll_call all{2};
  EXPECT_FALSE(all.missed("a"));
  EXPECT_TRUE(all.missed("a"));
}

TEST(RollCall, ForgetsMissesOfWhoAnswers) {
  roll_call all{2};
  EXPECT_FALSE(all.missed("a"));
  all.answered("a");
  EXPECT_EQ(all.misses("a"), 0u);
  EXPECT_FALSE(all.missed("a"));
}

TEST(RollCall, JudgesEachByItself) {
  roll_call all{2};
  EXPECT_FALSE(all.missed("a"));
  EXPECT_FALSE(all.missed("b"));
  all.answered("b");
  EXPECT_TRUE(all.missed("a"));
  EXPECT_EQ(all.misses("b"), 0u);
}

TEST(RollCall, HoldsNothingAgainstThoseWhoComeNext) {
  roll_call all{2};
  EXPECT_FALSE(all.missed("a"));
  all.replaced();
  EXPECT_FALSE(all.missed("a"));
}

} // namespace berth::protocol

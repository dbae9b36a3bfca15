#include "protocol/journal.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;

TEST(Journal, ReadsEveryDurabilityThatItWrites) {
  for (auto x : {durability::full, durability::normal, durability::memory})
    EXPECT_EQ(parse_durability(to_string(x)), x);
  EXPECT_EQ(parse_durability("safe"), std::nullopt);
}

TEST(Journal, OutlivesAKillUnlessToldOtherwise) {
  EXPECT_EQ(journal_limits{}.keep, durability::normal);
}

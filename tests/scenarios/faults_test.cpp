// Faults are found by their names, and only by these.

#include "scenarios/faults.hpp"

#include <gtest/gtest.h>

#include <set>

namespace berth::scenarios {

TEST(Faults, AreFoundByTheirNames) {
  std::string unknown;
  auto two = find_faults("chrome-dies,the-clock-jumps", unknown);
  ASSERT_TRUE(two);
  ASSERT_EQ(two->size(), 2u);
  EXPECT_STREQ(two->front().name, "Chrome dies");
  EXPECT_EQ(two->back().strike, the_clock_jumps);
  EXPECT_EQ(find_faults("all", unknown)->size(), all_faults.size());
  EXPECT_TRUE(find_faults("none", unknown)->empty());
}

TEST(Faults, SayWhichNameIsUnknown) {
  std::string unknown;
  EXPECT_FALSE(find_faults("chrome-dies,rain,hail", unknown));
  EXPECT_EQ(unknown, "rain");
}

TEST(Faults, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (auto& x : all_faults)
    EXPECT_TRUE(names.insert(flag_of(x)).second) << x.name;
}

} // namespace berth::scenarios

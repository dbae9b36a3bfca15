#include "protocol/lease_table.hpp"
#include "protocol/timeouts.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

timeouts some() {
  timeouts result;
  result.of_provider["a"] = {{{"quick", {tier::instant, {}}},
                              {"deep", {tier::deep_research, {}}},
                              {"own", {tier::pro, 77s}}},
                             "quick"};
  return result;
}

} // namespace

TEST(Timeouts, NamesEveryTier) {
  for (size_t i = 0; i < tier_count; ++i)
    EXPECT_EQ(parse_tier(to_string(static_cast<tier>(i))),
              static_cast<tier>(i));
  EXPECT_STREQ(to_string(tier::deep_research), "deep_research");
  EXPECT_STREQ(to_string(static_cast<tier>(255)), "unknown");
  EXPECT_FALSE(parse_tier("Pro"));
  EXPECT_FALSE(parse_tier(""));
}

TEST(Timeouts, T6_HasATimeForEveryTier) {
  timeouts x;
  EXPECT_EQ(x.of_tier, (std::array<duration, tier_count>{120s, 600s, 600s,
                                                         3600s, 3600s, 3600s}));
  EXPECT_EQ(x.heartbeat, duration{60s});
  EXPECT_EQ(x.silence, duration{180s});
  EXPECT_EQ(x.grace, duration{120s});
}

TEST(Timeouts, T6_LetsAnExplicitTimeoutWin) {
  EXPECT_EQ(run_time(some(), "a", "own", 5400s), duration{5400s});
  EXPECT_EQ(run_time(some(), "a", "own", {}), duration{77s});
}

TEST(Timeouts, T6_TakesTheTierOfTheEffortAtTheProvider) {
  EXPECT_EQ(run_time(some(), "a", "deep", {}), duration{3600s});
  EXPECT_EQ(run_time(some(), "a", "", {}), duration{120s});
  EXPECT_EQ(run_time(some(), "a", "none such", {}), duration{600s});
  EXPECT_EQ(run_time(some(), "b", "deep", {}), duration{600s});
  EXPECT_EQ(effort_at(some(), "a", "").kind, tier::instant);
}

TEST(Timeouts, T6_LetsALeaseOutliveItsRunByTheGrace) {
  EXPECT_EQ(lease_deadline(some(), timestamp{600s}), timestamp{720s});
}

TEST(Timeouts, T6_AreValidAsTheyAreWithTheLongestLease) {
  EXPECT_TRUE(validate(some(), lease_table::limits{}.ttl_max).empty());
  EXPECT_GE(some().explicit_max, duration{5400s});
}

TEST(Timeouts, ComplainOfEverythingAtOnce) {
  auto x = some();
  x.of_tier[size_t(tier::instant)] = 0s;
  x.of_tier[size_t(tier::pro)] = 2h;
  x.of_provider["a"].efforts["own"].timeout = 3h;
  x.heartbeat = 61s;
  x.grace = 0s;
  x.explicit_max = 2h + 1ns;
  auto found = validate(x, 2h);
  std::vector<std::string> fields;
  for (const auto& y : found)
    fields.push_back(y.field);
  EXPECT_EQ(fields,
            (std::vector<std::string>{
              "timeouts.instant", "a.efforts.own.timeout", "timeouts.grace",
              "timeouts.explicit_max", "timeouts.silence"}));
  EXPECT_NE(found[1].what.find("3h"), std::string::npos);
}

TEST(Timeouts, WantARunWithItsGraceToFitIntoALease) {
  timeouts x;
  x.explicit_max = 1h;
  EXPECT_TRUE(validate(x, 3720s).empty());
  EXPECT_EQ(validate(x, 3720s - 1ns).size(), 4u);
}

#include "protocol/parked_pool.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

const work_key red{"red"};
const work_key blue{"blue"};

class ParkedPool : public testing::Test {
protected:
  /// Whether it found a place; it is clean at once.
  bool park(const char* target, const work_key& key) {
    auto found = pool.offer({target}, key, now).found;
    pool.cleaned({target}, now);
    now += 1s;
    return found;
  }

  std::optional<target_id> take(const work_key& key) {
    return pool.take(key, now);
  }

  timestamp now{1h};
  parked_pool pool{{2, 3, 10min}};
};

using tabs = std::vector<target_id>;

} // namespace

TEST_F(ParkedPool, GivesATabToOneAndToItsKeyOnly) {
  EXPECT_TRUE(park("A", red));
  EXPECT_FALSE(take(blue));
  EXPECT_EQ(take(red), target_id{"A"});
  EXPECT_FALSE(take(red));
}

TEST_F(ParkedPool, GivesTheOneThatWasParkedLast) {
  park("A", red);
  park("B", red);
  EXPECT_EQ(take(red), target_id{"B"});
  EXPECT_EQ(take(red), target_id{"A"});
}

TEST_F(ParkedPool, GivesNoneThatIsNotCleanedYet) {
  EXPECT_TRUE(pool.offer({"A"}, red, now).found);
  EXPECT_FALSE(take(red));
  EXPECT_EQ(pool.size(), 1u);
  pool.cleaned({"A"}, now);
  EXPECT_EQ(take(red), target_id{"A"});
}

TEST_F(ParkedPool, GivesNoneThatIsGone) {
  park("A", red);
  EXPECT_TRUE(pool.forget({"A"}));
  EXPECT_FALSE(pool.forget({"A"}));
  EXPECT_FALSE(take(red));
  pool.cleaned({"A"}, now); // Too late.
  EXPECT_FALSE(take(red));
}

TEST_F(ParkedPool, HasRoomForSoManyOfAKey) {
  park("A", red);
  park("B", red);
  EXPECT_FALSE(park("C", red));
  EXPECT_EQ(pool.size(red), 2u);
  EXPECT_FALSE(pool.offer({"A"}, blue, now).found); // It is here already.
}

TEST_F(ParkedPool, TakesThePlaceOfAKeyThatHasMore) {
  pool = parked_pool{{3, 3, 10min}};
  park("A", red);
  park("B", red);
  park("C", red);
  auto place = pool.offer({"D"}, blue, now);
  EXPECT_TRUE(place.found);
  EXPECT_EQ(place.closes, target_id{"A"});
  pool.cleaned({"D"}, now);
  EXPECT_FALSE(park("E", blue)); // Two of red, one of blue.
  EXPECT_EQ(take(red), target_id{"C"});
  EXPECT_EQ(take(blue), target_id{"D"});
}

TEST_F(ParkedPool, KeepsATabOnlySoLong) {
  park("A", red);
  EXPECT_EQ(pool.next_deadline(), now - 1s + 10min);
  now += 5min;
  park("B", blue);
  now += 5min;
  EXPECT_FALSE(take(red)); // Though nobody has looked yet.
  EXPECT_EQ(pool.expire(now), tabs{{"A"}});
  EXPECT_EQ(pool.expire(now), tabs{});
  EXPECT_EQ(take(blue), target_id{"B"});
  EXPECT_EQ(pool.next_deadline(), std::nullopt);
}

TEST_F(ParkedPool, LetsTheOldestGiveWay) {
  park("A", red);
  park("B", blue);
  EXPECT_EQ(pool.give_way(), target_id{"A"});
  EXPECT_EQ(pool.give_way(), target_id{"B"});
  EXPECT_EQ(pool.give_way(), std::nullopt);
}

TEST_F(ParkedPool, IsTurnedOffByAnyZero) {
  for (auto most :
       {parked_pool::limits{0, 8, 30min}, parked_pool::limits{3, 0, 30min},
        parked_pool::limits{3, 8, 0s}}) {
    pool = parked_pool{most};
    EXPECT_FALSE(park("A", red));
    EXPECT_EQ(pool.size(), 0u);
  }
}

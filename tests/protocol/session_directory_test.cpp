#include "protocol/session_directory.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;

namespace {

errc why(const outcome<session_id>& x) {
  return x ? errc::ok : x.error().code;
}

} // namespace

TEST(SessionDirectory, NeedsNoNameWhereThereIsOnlyOne) {
  session_directory all;
  EXPECT_EQ(why(all.find({})), errc::session_unknown);
  auto one = *all.open();
  EXPECT_EQ(*all.find({}), one);
  auto other = *all.open();
  auto asked = all.find({});
  ASSERT_EQ(why(asked), errc::session_ambiguous);
  EXPECT_EQ(asked.error().candidates,
            (std::vector<uint64_t>{one.value, other.value}));
  all.close(one);
  EXPECT_EQ(*all.find({}), other);
}

TEST(SessionDirectory, KnowsNoneThatIsClosedOrNeverWas) {
  session_directory all;
  auto one = *all.open();
  EXPECT_EQ(*all.find(one), one);
  EXPECT_EQ(why(all.find({9})), errc::session_unknown);
  all.close(one);
  EXPECT_EQ(why(all.find(one)), errc::session_unknown);
}

TEST(SessionDirectory, OpensNoMoreThanItMayAndNoNumberTwice) {
  session_directory all{{2}};
  auto one = *all.open();
  auto other = *all.open();
  auto third = all.open();
  ASSERT_EQ(why(third), errc::session_limit);
  EXPECT_EQ(third.error().active, 2u);
  EXPECT_EQ(third.error().cap, 2u);
  all.close(other);
  auto late = *all.open();
  EXPECT_NE(late, one);
  EXPECT_NE(late, other);
}

TEST(SessionDirectory, GivesNoNumberThatWasGivenBeforeItsTime) {
  session_directory all{{}, {7}};
  EXPECT_EQ(all.open()->value, 8u);
  EXPECT_EQ(why(all.find({7})), errc::session_unknown);
}

TEST(SessionDirectory, L2_KnowsThoseThatLiveOn) {
  session_directory all{{}, {9}, {{3}, {5}}};
  EXPECT_EQ(*all.find({3}), session_id{3});
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(*all.open(), session_id{10});
  session_directory others{{}, {}, {{3}, {5}}}; // Their journal was imported.
  EXPECT_EQ(*others.open(), session_id{6});
}

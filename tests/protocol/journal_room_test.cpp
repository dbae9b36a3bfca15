#include "protocol/journal_room.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace berth::protocol;
using namespace std::chrono_literals;

namespace {

constexpr timestamp start{1h};

TEST(JournalRoom, AdmitsAllAtFirst) {
  journal_room room;
  EXPECT_TRUE(room.admits(0, start));
  EXPECT_TRUE(room.admits(1 << 30, start));
}

TEST(JournalRoom, AdmitsWhatIsSmallerThanWhatWasRefused) {
  journal_room room;
  room.refused(1000, start, 1s);
  EXPECT_TRUE(room.admits(999, start));
  EXPECT_FALSE(room.admits(1000, start));
  room.refused(300, start, 1s);
  EXPECT_TRUE(room.admits(299, start));
  EXPECT_FALSE(room.admits(300, start));
  EXPECT_FALSE(room.is_blocked(start));
  EXPECT_TRUE(room.admits(1000, start + 1s));
}

TEST(JournalRoom, RemembersNoRefusalOfAnotherTime) {
  journal_room room;
  room.refused(300, start, 1s);
  room.refused(1000, start + 1s, 1s);
  EXPECT_TRUE(room.admits(999, start + 1s));
}

TEST(JournalRoom, AdmitsNothingPastWhatMustBeWritten) {
  journal_room room;
  room.blocked(start, 1s);
  EXPECT_TRUE(room.is_blocked(start));
  EXPECT_FALSE(room.admits(1, start));
  room.refused(1000, start, 1s);
  EXPECT_FALSE(room.admits(1, start));
  EXPECT_FALSE(room.is_blocked(start + 1s));
}

TEST(JournalRoom, WeighsTexts) {
  journal_entry small, large;
  small.what.emplace_back();
  large.what.emplace_back();
  session_run row;
  row.run.what.text = std::string(5000, 'x');
  large.rows.emplace_back(row);
  EXPECT_LT(weight_of(small), 1000u);
  EXPECT_GT(weight_of(large), 5000u);
}

} // namespace

#include "actors/state_dir.hpp"
#include "apps/scratch_dir.hpp"
#include "cdp/transport/proc.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

using namespace berth;
using namespace berth::actors;
using protocol::process_fate;

namespace {

struct StateDir : testing::Test {
  apps::scratch_dir made{std::move(*apps::scratch_dir::make())};
  std::string path = made.path();

  /// By somebody who has a door.
  state_dir own() const {
    auto result = state_dir::own(path);
    EXPECT_TRUE(result);
    auto self = describe_self();
    self.port = 1;
    EXPECT_TRUE(result->announce(self));
    return std::move(*result);
  }

  /// From whoever is written down.
  std::optional<state_dir> take_over() const {
    auto result = state_dir::take_over(path, *read_record(path));
    EXPECT_TRUE(result);
    return std::move(*result);
  }
};

} // namespace

TEST_F(StateDir, HasOneOwner) {
  {
    auto first = own();
    auto second = state_dir::try_own(path);
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
    EXPECT_EQ(state_dir::own(path).error().code,
              protocol::errc::invalid_argument);
    EXPECT_TRUE(first.is_ours());
  }
  EXPECT_FALSE(read_record(path));
  EXPECT_TRUE(state_dir::own(path));
}

/// Where the last one served is what its clients go by.
TEST_F(StateDir, S5_KeepsTheRecordThatItCannotPutAside) {
  auto last = describe_self();
  last.port = 7;
  std::filesystem::create_directories(path + "/daemon.json.before/full");
  ASSERT_TRUE(write_record(path, last));
  {
    auto mine = state_dir::own(path);
    ASSERT_TRUE(mine);
    EXPECT_FALSE(mine->announce(describe_self()));
  }
  ASSERT_TRUE(read_record(path));
  EXPECT_EQ(read_record(path)->port, 7);
}

/// Whatever the file says, the daemon is found.
TEST_F(StateDir, S5_RecordsEveryEpochThatItTakes) {
  auto mine = state_dir::own(path);
  ASSERT_TRUE(mine);
  auto most = uint64_t{1} << 40;
  ASSERT_TRUE(mine->keep_epoch(most));
  EXPECT_EQ(mine->last_epoch(), most);
  auto self = describe_self();
  self.port = 1;
  self.epoch = most + 1;
  ASSERT_TRUE(mine->announce(self));
  ASSERT_TRUE(read_record(path));
  EXPECT_EQ(read_record(path)->epoch, most + 1);
}

/// Each was killed before it served, and so has told nothing.
TEST_F(StateDir, S5_KeepsTheLastThatServedOverManyStarts) {
  auto last = describe_self();
  last.port = 7;
  ASSERT_TRUE(write_record(path, last));
  auto killed = describe_self();
  for (int i = 0; i < 3; ++i) {
    auto starting = state_dir::own(path);
    ASSERT_TRUE(starting);
    EXPECT_EQ(starting->previous()->port, 7);
    ASSERT_TRUE(starting->announce(killed));
    // What it would leave behind.
    auto record = *read_record(path);
    auto before = path + "/daemon.json.before", kept = path + "/kept";
    std::filesystem::copy_file(before, kept);
    starting = protocol::fail(protocol::errc::stopping, "killed");
    std::filesystem::rename(kept, before);
    ASSERT_TRUE(write_record(path, record));
  }
  { // And one that fails in order.
    auto fails = state_dir::own(path);
    ASSERT_TRUE(fails && fails->announce(killed));
  }
  EXPECT_EQ(read_record(path)->port, 7);
}

TEST_F(StateDir, S5_IsNotTakenFromOneWhoseRecordCannotBePutAside) {
  auto first = own();
  std::filesystem::create_directories(path + "/daemon.json.before/full");
  EXPECT_FALSE(state_dir::take_over(path, *read_record(path)));
  EXPECT_TRUE(first.is_ours());
  EXPECT_EQ(read_record(path)->port, 1);
}

TEST_F(StateDir, D3_HasANameThatCanBeWrittenDown) {
  auto got = state_dir::own(path + "/\xff");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, protocol::errc::invalid_argument);
  EXPECT_NE(got.error().what.find("UTF-8"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path + "/\xff"));
}

TEST_F(StateDir, IsTakenOverFromAnOwnerThatLives) {
  auto first = own();
  auto second = take_over();
  ASSERT_TRUE(second);
  EXPECT_FALSE(first.is_ours());
  EXPECT_TRUE(second->is_ours());
  EXPECT_EQ(second->previous()->port, 1);
  auto third = state_dir::try_own(path);
  ASSERT_TRUE(third);
  EXPECT_FALSE(*third);
}

TEST_F(StateDir, KeepsNothingOfWhoHasLostIt) {
  std::optional<state_dir> second;
  {
    auto first = own();
    EXPECT_TRUE(first.keep_epoch(1));
    second = take_over();
    ASSERT_TRUE(second);
    auto mine = describe_self();
    mine.port = 2;
    EXPECT_TRUE(second->announce(mine));
    EXPECT_FALSE(first.announce(describe_self()));
    EXPECT_FALSE(first.keep_epoch(9));
  }
  ASSERT_TRUE(read_record(path));
  EXPECT_EQ(read_record(path)->port, 2);
  EXPECT_EQ(second->last_epoch(), 1u);
}

TEST_F(StateDir, IsNotTakenOverFromAnotherThanWasSeen) {
  auto first = own();
  auto seen = *read_record(path);
  seen.process = "1@1";
  auto got = state_dir::take_over(path, seen);
  ASSERT_TRUE(got);
  EXPECT_FALSE(*got);
  EXPECT_TRUE(first.is_ours());
}

TEST_F(StateDir, IsNotTakenOverFromTheDead) {
  auto first = own();
  auto dead = describe_self();
  dead.process = std::to_string(::getpid()) + "@1"; // Another's pid by now.
  EXPECT_EQ(fate_of(dead), process_fate::gone);
  ASSERT_TRUE(write_record(path, dead));
  auto got = state_dir::take_over(path, dead);
  ASSERT_TRUE(got);
  EXPECT_FALSE(*got);
  EXPECT_FALSE(find_daemon(path));
}

TEST_F(StateDir, CannotTellTheFateOfAProcessElsewhere) {
  auto elsewhere = describe_self();
  EXPECT_EQ(fate_of(elsewhere), process_fate::lives);
  elsewhere.place = "another boot";
  EXPECT_EQ(fate_of(elsewhere), process_fate::unknown);
}

// Whoever comes after one that could not follow may still need to know whom it
// could not follow.
TEST_F(StateDir, RemembersAnOwnerThatWasNotFollowed) {
  auto first = own();
  auto before = *read_record(path);
  EXPECT_TRUE(take_over());
  EXPECT_EQ(read_record(path), before);
}

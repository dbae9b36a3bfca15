#include "actors/file_places.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

using berth::actors::refuse_name;
using berth::actors::refuse_place;
using berth::apps::scratch_dir;

struct FilePlaces : testing::Test {
  FilePlaces() {
    how.state_dir = root + "/state";
    how.upload.dirs = {root};
    fs::create_directories(how.state_dir);
    put("state/operator.key");
    put("state/lease.key");
    fs::create_directories(root + "/another/deep");
    put("another/operator.key");
    put("another/deep/file");
    put("mine");
  }

  void put(const std::string& file) const {
    std::ofstream{root + "/" + file} << "x";
  }

  bool is_refused(const std::string& file) const {
    return !refuse_place(root + file, how).empty();
  }

  scratch_dir dir = std::move(*scratch_dir::make());
  std::string root = fs::canonical(dir.path()).string();
  berth::protocol::config how;
};

} // namespace

TEST_F(FilePlaces, AreTheUsersOwn) {
  EXPECT_FALSE(is_refused("/mine"));
  EXPECT_FALSE(is_refused("/new/directory"));
}

TEST_F(FilePlaces, S2_AreNeverAStateDirectorysWhoeverServesIt) {
  for (auto file : {"/state", "/state/lease.key", "/another",
                    "/another/operator.key", "/another/deep/file"})
    EXPECT_TRUE(is_refused(file)) << file;
}

TEST_F(FilePlaces, S2_AreNoKeysByAnotherName) {
  fs::create_hard_link(root + "/state/operator.key", root + "/harmless");
  EXPECT_TRUE(is_refused("/harmless"));
}

TEST_F(FilePlaces, S2_AreNotReadWhereAnotherUserMayPutSomethingElse) {
  using berth::actors::refuse_changeable;
  constexpr uid_t somebody = 4711;
  auto file = root + "/another/deep/file";
  EXPECT_EQ(refuse_changeable(file), "");
  fs::permissions(root + "/another", fs::perms{0777});
  EXPECT_NE(refuse_changeable(file), "");
  fs::permissions(root + "/another", fs::perms{01777}); // As /tmp.
  EXPECT_EQ(refuse_changeable(file), "");
  fs::permissions(root + "/another", fs::perms{0755});
  if (::geteuid() != 0)
    return; // Only root can give things away.
  ASSERT_EQ(::chown((root + "/another").c_str(), somebody, gid_t(-1)), 0);
  EXPECT_NE(refuse_changeable(file), "");
  ASSERT_EQ(::chown((root + "/another").c_str(), 0, gid_t(-1)), 0);
  fs::permissions(root + "/another", fs::perms{01777});
  ASSERT_EQ(::chown((root + "/another/deep").c_str(), somebody, gid_t(-1)), 0);
  EXPECT_NE(refuse_changeable(file), "");
}

/// By their names alone: nothing of them is there.
TEST_F(FilePlaces, AreKnownBeforeTheDiskIsAsked) {
  how.upload.dirs = {"/nowhere/mine"};
  EXPECT_EQ(refuse_name("/nowhere/mine/file", how), "");
  EXPECT_EQ(refuse_name("/nowhere/mine/../mine/./file", how), "");
  for (auto name : {"/nowhere/other/file", "/nowhere/mine/../other/file",
                    "/nowhere/mineral", "/", "/nowhere/mine/.hidden"})
    EXPECT_NE(refuse_name(name, how), "") << name;
}

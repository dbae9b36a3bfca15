#include "actors/file_places.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace {

namespace fs = std::filesystem;

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

#include "actors/held_directory.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;

using berth::actors::held_directory;
using berth::apps::scratch_dir;

struct HeldDirectory : testing::Test {
  HeldDirectory() {
    fs::create_directories(root + "/goal");
    fs::create_directories(root + "/elsewhere");
  }

  std::string put(const std::string& path, const std::string& text) const {
    std::ofstream{path} << text;
    return path;
  }

  std::string read(const std::string& file) const {
    std::ostringstream text;
    text << std::ifstream{root + "/" + file}.rdbuf();
    return text.str();
  }

  scratch_dir dir = std::move(*scratch_dir::make());
  std::string root = fs::canonical(dir.path()).string();
};

} // namespace

TEST_F(HeldDirectory, ReplacesNothing) {
  auto goal = held_directory::open(root + "/goal");
  ASSERT_TRUE(goal);
  EXPECT_EQ(goal->path(), root + "/goal");
  for (auto [text, name] : {std::pair{"one", "a.txt"},
                            {"two", "a (1).txt"},
                            {"three", "a (2).txt"}}) {
    auto made = goal->move(put(root + "/from", text), "a.txt");
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(**made, name);
    EXPECT_EQ(read(std::string{"goal/"} + name), text);
    EXPECT_FALSE(fs::exists(root + "/from"));
  }
}

TEST_F(HeldDirectory, S2_StaysWhatItWasWhateverItsNameLeadsTo) {
  auto goal = held_directory::open(root + "/goal");
  ASSERT_TRUE(goal);
  fs::rename(root + "/goal", root + "/moved");
  fs::create_directory_symlink(root + "/elsewhere", root + "/goal");
  ASSERT_TRUE(goal->move(put(root + "/from", "x"), "a.txt"));
  EXPECT_EQ(read("moved/a.txt"), "x");
  EXPECT_TRUE(fs::is_empty(root + "/elsewhere"));
  // Opened anew it is where its name leads, and that can be judged.
  EXPECT_EQ(held_directory::open(root + "/goal")->path(), root + "/elsewhere");
}

TEST_F(HeldDirectory, S2_FollowsNoLinkThatHasTheFilesName) {
  auto goal = held_directory::open(root + "/goal");
  ASSERT_TRUE(goal);
  fs::create_symlink(root + "/elsewhere/new", root + "/goal/a.txt");
  auto made = goal->move(put(root + "/from", "x"), "a.txt");
  ASSERT_TRUE(made);
  EXPECT_EQ(**made, "a (1).txt");
  EXPECT_TRUE(fs::is_empty(root + "/elsewhere"));
}

TEST_F(HeldDirectory, TakesFilesOfOtherFileSystems) {
  char other[] = "/dev/shm/berth-XXXXXX";
  ASSERT_TRUE(::mkdtemp(other));
  auto goal = held_directory::open(root + "/goal");
  std::string large(3 << 20, 'x');
  auto from = put(std::string{other} + "/from", large);
  auto moved = goal->move(from, "a.txt");
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_FALSE(*moved); // Nothing was done.
  EXPECT_TRUE(fs::exists(from));
  put(root + "/goal/a.txt", "another");
  auto taken = goal->copy(from, "a.txt");
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(*taken, "a (1).txt");
  EXPECT_EQ(read("goal/a.txt"), "another");
  EXPECT_EQ(read("goal/a (1).txt"), large);
  EXPECT_FALSE(fs::exists(from));
  EXPECT_FALSE(goal->copy(std::string{other} + "/none", "b.txt"));
  EXPECT_FALSE(fs::exists(root + "/goal/b.txt"));
  fs::remove_all(other);
}

TEST_F(HeldDirectory, SaysThatItIsGone) {
  EXPECT_FALSE(held_directory::open(root + "/none"));
  EXPECT_FALSE(held_directory::open(put(root + "/file", "x")));
  auto goal = held_directory::open(root + "/goal");
  fs::remove(root + "/goal");
  EXPECT_EQ(goal->path(), "");
  EXPECT_FALSE(goal->move(put(root + "/from", "x"), "a.txt"));
}

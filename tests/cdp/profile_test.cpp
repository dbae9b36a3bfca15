#include "cdp/transport/profile.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

using namespace berth::cdp;
namespace fs = std::filesystem;

struct Profile : testing::Test {
  Profile() {
    char name[] = "/tmp/berth-profile-XXXXXX";
    dir = ::mkdtemp(name);
    profile = dir + "/profile";
  }

  ~Profile() override {
    fs::remove_all(dir);
  }

  /// Whoever had it then.
  void fill(const std::string& whose) const {
    fs::create_directory(profile);
    std::ofstream{profile + "/Cookies"} << whose;
  }

  static std::string owner(const std::string& of) {
    std::string result;
    std::ifstream{of + "/Cookies"} >> result;
    return result;
  }

  std::string dir;
  std::string profile;
};

TEST_F(Profile, IsKeptAsideWithANote) {
  fill("old");
  auto at = move_aside(profile);
  EXPECT_EQ(owner(at), "old");
  EXPECT_FALSE(fs::exists(profile));
  EXPECT_TRUE(fs::exists(at + ".txt"));
}

TEST_F(Profile, ComesBackInsteadOfTheNewOne) {
  fill("old");
  auto at = move_aside(profile);
  fill("new");
  move_back(at, profile);
  EXPECT_EQ(owner(profile), "old");
  // To remove it takes a while: that is somebody else's work.
  EXPECT_EQ(std::distance(fs::directory_iterator{dir}, {}), 2);
  remove_discarded(profile);
  EXPECT_EQ(owner(profile), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator{dir}, {}), 1);
}

TEST_F(Profile, IsNotKeptFromComingBackByWhatWasDiscardedBefore) {
  for (int i = 0; i < 5; ++i) { // Nobody has come to remove it.
    fill("old");
    auto at = move_aside(profile);
    fill("new");
    move_back(at, profile);
    EXPECT_EQ(owner(profile), "old");
  }
  remove_discarded(profile);
  EXPECT_EQ(std::distance(fs::directory_iterator{dir}, {}), 1);
}

TEST_F(Profile, IsNotTouchedWhenManyAreAside) {
  for (auto whose : {"1", "2", "3"}) {
    fill(whose);
    EXPECT_EQ(owner(move_aside(profile)), whose);
  }
  fill("4");
  EXPECT_EQ(move_aside(profile), "");
  move_back("", profile);
  EXPECT_EQ(owner(profile), "4");
}

TEST_F(Profile, ThatIsNotThereCannotBeSetAside) {
  EXPECT_EQ(move_aside(profile), "");
  EXPECT_TRUE(fs::is_empty(dir));
}

} // namespace

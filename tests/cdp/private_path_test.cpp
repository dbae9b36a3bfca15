#include "cdp/transport/private_path.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace berth::cdp;
namespace fs = std::filesystem;

struct PrivatePath : testing::Test {
  PrivatePath() {
    char name[] = "/tmp/berth-private-XXXXXX";
    dir = ::mkdtemp(name);
  }

  ~PrivatePath() override {
    fs::remove_all(dir);
  }

  std::string made(const std::string& name) const {
    return private_dir("The state directory", dir + "/" + name);
  }

  mode_t mode(const std::string& name) const {
    struct stat seen {};
    ::lstat((dir + "/" + name).c_str(), &seen);
    return seen.st_mode & 07777;
  }

  std::string dir;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_F(PrivatePath, MakesADirectoryForItsOwnerAlone) {
  auto before = ::umask(0);
  EXPECT_EQ(made("a/b/c"), "");
  ::umask(before);
  EXPECT_EQ(mode("a/b/c"), 0700u);
  EXPECT_EQ(made("a/b/c"), "");
  EXPECT_EQ(made("a/b/d/"), "");
}

TEST_F(PrivatePath, LooksAtOneThatIsThereAndLeavesItAlone) {
  fs::create_directory(dir + "/open");
  ::chmod((dir + "/open").c_str(), 0755);
  EXPECT_TRUE(has(made("open"), "chmod 700 " + dir + "/open"));
  EXPECT_EQ(mode("open"), 0755u);
}

TEST_F(PrivatePath, FollowsNoLinkToADirectory) {
  fs::create_directory_symlink(dir, dir + "/link");
  EXPECT_TRUE(has(made("link"), "is a symbolic link"));
  EXPECT_TRUE(has(made("link/"), "is a symbolic link"));
  fs::create_symlink(dir + "/nowhere", dir + "/dangling");
  EXPECT_TRUE(has(made("dangling"), "is a symbolic link"));
  EXPECT_FALSE(fs::exists(dir + "/nowhere"));
}

TEST_F(PrivatePath, SaysThatAFileIsOne) {
  std::ofstream{dir + "/file"} << "text";
  EXPECT_TRUE(has(made("file"), "is a file"));
  EXPECT_TRUE(has(made("file/below"), "Not a directory"));
}

TEST_F(PrivatePath, ReadsNothingButRegularFiles) {
  std::ofstream{dir + "/file"} << "text";
  EXPECT_EQ(read_private(dir + "/file"), "text");
  EXPECT_EQ(read_private(dir + "/missing"), "");
  fs::create_symlink(dir + "/file", dir + "/link");
  EXPECT_EQ(read_private(dir + "/link"), "");
  ASSERT_EQ(::mkfifo((dir + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(read_private(dir + "/fifo"), ""); // And does not wait.
  EXPECT_EQ(read_private(dir), "");
}

TEST_F(PrivatePath, WritesNothingButRegularFiles) {
  std::ofstream{dir + "/file"} << "text";
  fs::create_symlink(dir + "/file", dir + "/link");
  EXPECT_LT(open_private_log(dir + "/link"), 0);
  ASSERT_EQ(::mkfifo((dir + "/fifo").c_str(), 0600), 0);
  EXPECT_LT(open_private_log(dir + "/fifo"), 0);
  int file = open_private_log(dir + "/log");
  ASSERT_GE(file, 0);
  EXPECT_EQ(mode("log"), 0600u);
  ::close(file);
}

TEST_F(PrivatePath, IsMadeForItsOwnerWhateverTheUmaskIs) {
  for (mode_t mask : {0777, 0277, 0}) {
    auto before = ::umask(mask);
    auto name = "under" + std::to_string(mask);
    auto why = made(name);
    ::umask(before);
    EXPECT_EQ(why, "");
    EXPECT_EQ(mode(name), 0700u);
  }
}

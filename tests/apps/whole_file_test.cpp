#include "apps/scratch_dir.hpp"
#include "apps/whole_file.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;

using namespace berth;
using berth::apps::write_whole;

struct WholeFile : testing::Test {
  std::string read(const std::string& path) const {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }

  size_t count() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator{dir.path()},
                                             fs::directory_iterator{}));
  }

  apps::scratch_dir dir = std::move(*apps::scratch_dir::make());
  std::string file = dir.path() + "/a.png";
};

} // namespace

TEST_F(WholeFile, IsMadeOrReplaced) {
  EXPECT_FALSE(write_whole(file, "one"));
  EXPECT_EQ(read(file), "one");
  fs::permissions(file, fs::perms{0640});
  EXPECT_FALSE(write_whole(file, "two"));
  EXPECT_EQ(read(file), "two");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms{0640});
  EXPECT_EQ(count(), 1u);
}

TEST_F(WholeFile, IsWhatALinkLeadsTo) {
  fs::create_symlink(file, dir.path() + "/link");
  EXPECT_FALSE(write_whole(dir.path() + "/link", "x"));
  EXPECT_TRUE(fs::is_symlink(dir.path() + "/link"));
  EXPECT_EQ(read(file), "x");
}

TEST_F(WholeFile, StaysAsItWasIfThereIsNoRoom) {
  ASSERT_FALSE(write_whole(file, "as it was"));
  // A file that may not grow is a disk that is full.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto usual = std::signal(SIGXFSZ, SIG_IGN);
  rlimit little{1000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &little), 0);
  auto why = write_whole(file, std::string(5000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, usual);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->code, protocol::errc::output_failed);
  EXPECT_EQ(read(file), "as it was");
  EXPECT_EQ(count(), 1u);
}

TEST_F(WholeFile, MayBeNoFileAtAll) {
  EXPECT_FALSE(write_whole("/dev/null", "x"));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  auto full = write_whole("/dev/full", "x");
  ASSERT_TRUE(full);
  EXPECT_NE(full->what.find("No space left"), std::string::npos) << full->what;
  auto nowhere = write_whole(dir.path() + "/none/a.png", "x");
  ASSERT_TRUE(nowhere);
  EXPECT_NE(nowhere->what.find("No such file"), std::string::npos);
  EXPECT_TRUE(write_whole(dir.path(), "x"));
}

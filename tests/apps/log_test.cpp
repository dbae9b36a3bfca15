#include "actors/log_health.hpp"
#include "apps/log.hpp"
#include "apps/scratch_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <spdlog/async.h>
#include <spdlog/spdlog.h>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace berth;
using namespace berth::apps;
using namespace berth::protocol;
namespace fs = std::filesystem;

namespace {

struct Log : testing::Test {
  ~Log() override {
    end();
  }

  /// All lines are where they go.
  void end() const {
    spdlog::set_default_logger(before);
    spdlog::details::registry::instance().set_tp(nullptr);
  }

  outcome<void> open(const std::string& file) {
    config how;
    how.log = {file, log_settings::size_least, 2};
    return open_log(how);
  }

  std::string path(const std::string& name) const {
    return dir->path() + "/" + name;
  }

  static std::string text_of(const std::string& path) {
    std::ostringstream result;
    result << std::ifstream{path}.rdbuf();
    return result.str();
  }

  outcome<scratch_dir> dir = scratch_dir::make();
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_F(Log, IsBoundedAndKeepsItsLastFiles) {
  auto mask = ::umask(0);
  ASSERT_TRUE(open(path("berth.log")));
  for (int i = 0; i < 400; ++i) // Fewer than may wait for the disk.
    spdlog::info("{} {}.", std::string(1000, 'x'), i);
  end();
  ::umask(mask);
  EXPECT_TRUE(has(text_of(path("berth.log")), "x 399.\n"));
  std::string all;
  for (auto name : {"berth.2.log", "berth.1.log", "berth.log"}) {
    auto text = text_of(path(name));
    EXPECT_LE(text.size(), log_settings::size_least) << name;
    EXPECT_EQ(fs::status(path(name)).permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    all += text;
  }
  EXPECT_FALSE(fs::exists(path("berth.3.log")));
  EXPECT_GT(all.size(), 2 * log_settings::size_least - 2000);
  for (int i = 300; i < 400; ++i)
    EXPECT_TRUE(has(all, "x " + std::to_string(i) + ".\n")) << i;
}

TEST_F(Log, IsNoFileThatOthersMayReadOrThatIsElsewhere) {
  std::ofstream{path("shared")} << "";
  ::chmod(path("shared").c_str(), 0640);
  fs::create_symlink(path("shared"), path("link"));
  for (auto name : {"shared", "link", "", "missing/berth.log"}) {
    auto opened = open(path(name));
    ASSERT_FALSE(opened) << name;
    EXPECT_EQ(opened.error().code, errc::invalid_argument);
    EXPECT_TRUE(has(opened.error().what, path(name))) << opened.error().what;
  }
}

/// As when its disk was full for a while.
TEST_F(Log, GoesOnWhenItsFileCanBeWrittenAgain) {
  fs::create_directory(path("log"));
  auto file = path("log/berth.log");
  ASSERT_TRUE(open(file));
  fs::remove_all(path("log"));
  std::ofstream{path("log")} << "in its way";
  auto trouble = actors::log_trouble();
  spdlog::info("lost");
  while (actors::log_trouble() == trouble)
    std::this_thread::yield();
  EXPECT_TRUE(has(actors::log_trouble(), "could not be written"));
  fs::remove(path("log"));
  fs::create_directory(path("log"));
  spdlog::info("there");
  end();
  EXPECT_TRUE(has(text_of(file), "there"));
}

/// Nobody reads standard error, and its pipe is full.
TEST_F(Log, CountsTheLinesThatGaveWayToNewerOnes) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  auto stderr_before = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  ASSERT_TRUE(open({}));
  for (int i = 0; i < 1000; ++i)
    spdlog::info("{}", std::string(1000, 'x'));
  EXPECT_TRUE(has(actors::log_trouble(), "gave way to newer ones"));
  std::thread reader{[from = ends[0]] {
    char part[4096];
    while (::read(from, part, sizeof part) > 0)
      ;
  }};
  end();
  ::dup2(stderr_before, STDERR_FILENO);
  ::close(stderr_before);
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
}

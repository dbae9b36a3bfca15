// What a disk may do to a journal, and what is said of it.

#include "tests/journal/scratch.hpp"

#include <csignal>
#include <fstream>
#include <sys/resource.h>

namespace berth::tests {

namespace {

struct StoreFaults : scratch {
  /// A file with some pages, and nothing left in its log.
  void fill() {
    auto file = open();
    ASSERT_TRUE(file->begin_epoch(0, {}));
    for (uint64_t i = 1; i <= 300; ++i)
      ASSERT_TRUE(file->append(1, {granted(i), granted(i), granted(i)}));
  }

  std::string content() {
    std::ostringstream text;
    text << std::ifstream{how.path, std::ios::binary}.rdbuf();
    return text.str();
  }
};

} // namespace

TEST_F(StoreFaults, RefusesWhatDoesNotFitAndGoesOnWhenThereIsRoom) {
  how.limits.size_max = journal_limits::size_least;
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  auto big = granted(1);
  big.what[0].detail.assign(400000, 'x');
  ASSERT_TRUE(file->append(1, {big}));
  auto before = *file->load();
  auto second = granted(2), third = granted(3);
  second.what[0].detail.assign(700000, 'x');
  auto full = file->append(1, {third, second});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, errc::journal_failed);
  EXPECT_NE(full.error().what.find("is full"), std::string::npos);
  EXPECT_GT(full.error().retry_after, duration{});
  EXPECT_EQ(*file->load(), before); // Neither of the two.
  EXPECT_TRUE(file->append(1, {third}));
  EXPECT_TRUE(file->load()->leases.contains({3}));
}

/// Some writes that find no room fail as if the disk were broken.
TEST_F(StoreFaults, SaysThatThereIsNoRoom) {
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  auto before = ::signal(SIGXFSZ, SIG_IGN);
  rlimit all{}, none{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &all), 0);
  none = all;
  none.rlim_cur = 1;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  auto full = file->append(1, {granted(1)});
  EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &all), 0);
  ::signal(SIGXFSZ, before);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, errc::journal_failed);
  EXPECT_NE(full.error().what.find("is full"), std::string::npos)
    << full.error().what;
  EXPECT_TRUE(file->append(1, {granted(2)}));
  EXPECT_FALSE(file->load()->leases.contains({1}));
}

TEST_F(StoreFaults, SaysThatAnotherProcessHasIt) {
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  auto other = database::open(how.path, access::write);
  ASSERT_TRUE(other->execute("BEGIN IMMEDIATE"));
  auto refused = file->append(1, {granted(1)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::journal_failed);
  EXPECT_NE(refused.error().what.find("locked"), std::string::npos);
  ASSERT_TRUE(other->execute("COMMIT"));
  EXPECT_TRUE(file->append(1, {granted(1)}));
}

TEST_F(StoreFaults, RefusesAFileWithGarbageInItAndLeavesItAlone) {
  fill();
  auto size = std::filesystem::file_size(how.path);
  ASSERT_GT(size, 40000u);
  {
    std::fstream out{how.path, std::ios::in | std::ios::out | std::ios::binary};
    out.seekp(static_cast<std::streamoff>(size / 2 / 4096 * 4096));
    out << std::string(4096, '\xa5');
  }
  auto torn = content();
  auto why = refusal();
  EXPECT_EQ(why.code, errc::journal_damaged);
  EXPECT_NE(why.what.find("is damaged ("), std::string::npos);
  EXPECT_EQ(content(), torn);
}

TEST_F(StoreFaults, RefusesAFileThatIsCutOff) {
  fill();
  std::filesystem::resize_file(how.path,
                               std::filesystem::file_size(how.path) / 2);
  EXPECT_EQ(refusal().code, errc::journal_damaged);
}

/// SQLite would begin anew, and drop what the log still has.
TEST_F(StoreFaults, RefusesAnEmptyFileBesideItsLog) {
  auto log = how.path + "-wal";
  {
    auto file = open();
    ASSERT_TRUE(file->begin_epoch(0, {}));
    ASSERT_TRUE(file->append(1, {granted(1)}));
    std::filesystem::copy_file(log, how.path + ".log");
  }
  std::filesystem::resize_file(how.path, 0);
  std::filesystem::rename(how.path + ".log", log);
  auto size = std::filesystem::file_size(log);
  ASSERT_GT(size, 0u);
  EXPECT_EQ(refusal().code, errc::journal_damaged);
  EXPECT_EQ(std::filesystem::file_size(log), size);
}

TEST_F(StoreFaults, RefusesAFileThatIsNone) {
  std::ofstream{how.path} << std::string(8192, 'x');
  EXPECT_EQ(refusal().code, errc::journal_damaged);
}

TEST_F(StoreFaults, RefusesTheFileOfAnotherProgram) {
  {
    auto other = database::open(how.path, access::write);
    ASSERT_TRUE(other->execute("CREATE TABLE bookmarks (url TEXT)"));
  }
  auto why = refusal();
  EXPECT_EQ(why.code, errc::journal_damaged);
  EXPECT_NE(why.what.find("no journal of Berth"), std::string::npos);
}

TEST_F(StoreFaults, RefusesTheFileOfALaterVersion) {
  open();
  ASSERT_TRUE(database::open(how.path, access::write)
                ->execute("PRAGMA user_version = 99"));
  EXPECT_EQ(refusal().code, errc::journal_newer);
}

TEST_F(StoreFaults, RefusesARowThatMakesNoSense) {
  fill();
  ASSERT_TRUE(database::open(how.path, access::write)
                ->execute("UPDATE lease SET state = 'elsewhere' WHERE id = 7"));
  EXPECT_EQ(refusal().code, errc::journal_damaged);
}

TEST_F(StoreFaults, SaysThatItsDirectoryCannotBeWritten) {
  how.path = "/proc/journal.db"; // Where root may not write, either.
  EXPECT_EQ(refusal().code, errc::journal_failed);
  EXPECT_NE(refusal().what.find("cannot be opened"), std::string::npos);
}

} // namespace berth::tests

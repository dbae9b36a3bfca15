// `berth journal`, as a person at a shell meets it.

#include "actors/state_dir.hpp"
#include "apps/scratch_dir.hpp"

#include "journal/store.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

namespace berth::tests {

namespace {

namespace fs = std::filesystem;

using namespace protocol;
using nlohmann::json;

struct said {
  int code = -1;
  std::string text; ///< Of both streams.
};

struct JournalCommand : testing::Test {
  JournalCommand() {
    journal::store_options how;
    how.path = file;
    auto made = journal::store::open(how);
    EXPECT_TRUE(made);
    EXPECT_TRUE((*made)->begin_epoch(0, {}));
    lease held;
    held.id = {4};
    EXPECT_TRUE(
      (*made)->append(1, {{{}, {*describe(lease_granted{held})}, {held}}}));
  }

  said run(const std::string& what) {
    said result;
    auto pipe = ::popen((BINARIES "/berth journal --state-dir " + dir.path()
                         + " " + what + " 2>&1")
                          .c_str(),
                        "r");
    std::array<char, 4096> bytes;
    for (size_t got = 1; got > 0;) {
      got = std::fread(bytes.data(), 1, bytes.size(), pipe);
      result.text.append(bytes.data(), got);
    }
    auto state = ::pclose(pipe);
    result.code = WIFEXITED(state) ? WEXITSTATUS(state) : -1;
    return result;
  }

  apps::scratch_dir dir{std::move(*apps::scratch_dir::make())};
  std::string file = dir.path() + "/journal.db";
};

} // namespace

TEST_F(JournalCommand, FindsNoFaultWhereThereIsNone) {
  auto got = run("check --json");
  EXPECT_EQ(got.code, 0);
  auto seen = json::parse(got.text);
  EXPECT_EQ(seen["epoch"], 1);
  EXPECT_EQ(seen["leases"], 1);
  EXPECT_TRUE(seen["complaints"].empty());
  EXPECT_NE(run("check").text.find("no faults"), std::string::npos);
}

TEST_F(JournalCommand, SavesAndBringsBack) {
  auto saved = run("export");
  EXPECT_EQ(saved.code, 0);
  auto lines = dir.path() + "/lines";
  std::ofstream{lines} << saved.text;
  auto refused = run("import " + lines + " --json");
  EXPECT_EQ(refused.code, 1); // There is one.
  EXPECT_EQ(json::parse(refused.text)["error"]["code"], "request.invalid");
  fs::remove(file);
  EXPECT_EQ(run("import " + lines).code, 0);
  EXPECT_EQ(run("export").text, saved.text);
}

TEST_F(JournalCommand, TellsOfADamagedFileAndLeavesIt) {
  fs::resize_file(file, fs::file_size(file) / 2);
  auto size = fs::file_size(file);
  auto got = run("check --json");
  EXPECT_EQ(got.code, 1);
  EXPECT_FALSE(json::parse(got.text)["complaints"].empty());
  EXPECT_EQ(run("export").code, 1);
  EXPECT_EQ(fs::file_size(file), size);
}

TEST_F(JournalCommand, ImportsNothingWhileADaemonRuns) {
  auto daemon = actors::state_dir::own(dir.path());
  ASSERT_TRUE(daemon);
  fs::remove(file);
  auto got = run("import --json < /dev/null");
  EXPECT_EQ(got.code, 1);
  EXPECT_NE(got.text.find("belongs to another process"), std::string::npos);
}

TEST_F(JournalCommand, SaysThatThereIsNoJournal) {
  fs::remove(file);
  auto got = run("check --json");
  EXPECT_EQ(got.code, 1);
  EXPECT_EQ(json::parse(got.text)["error"]["code"], "request.invalid");
}

} // namespace berth::tests

#include "protocol/journal_schema.hpp"

#include "journal/inspection.hpp"
#include "journal/lines.hpp"
#include "tests/journal/scratch.hpp"

#include <fstream>
#include <sstream>

namespace berth::tests {

namespace {

struct Lines : scratch {
  /// A journal with something of all that there can be.
  void fill() {
    auto file = open();
    ASSERT_TRUE(file->begin_epoch(0, {}));
    auto entry = granted(4);
    auto add = [&](event_kind kind, const std::string& detail) {
      event x;
      x.kind = kind;
      x.session = {kind == event_kind::session_opened ? 7u : 0u};
      x.client = {~uint64_t{0}};
      x.detail = detail;
      entry.what.push_back(x);
    };
    add(event_kind::session_opened, "");
    add(event_kind::client_joined, "a \"shell\"\n");
    event up;
    up.kind = event_kind::browser_up;
    entry.what.push_back(up);
    session_run queued{{7}, {}};
    queued.run.id = {1};
    queued.run.what = {"Why?", {"/a", "/b"}, "", ""};
    entry.rows.emplace_back(queued);
    ASSERT_TRUE(file->append(1, {entry}));
  }

  outcome<size_t> save() {
    text.clear();
    return export_lines(how.path, [this](const std::string& line) {
      text += line + "\n";
    });
  }

  outcome<size_t> import(const std::string& lines) {
    std::istringstream in{lines};
    return import_lines(how.path, in);
  }

  void tear(size_t at) {
    std::fstream out{how.path, std::ios::in | std::ios::out | std::ios::binary};
    out.seekp(static_cast<std::streamoff>(at));
    out << std::string(4096, '\xa5');
  }

  std::string text;
};

} // namespace

TEST_F(Lines, SayAllThatTheJournalSays) {
  fill();
  auto told = *open()->load();
  ASSERT_EQ(told.sessions.at({7}).runs.at({1}).what.text, "Why?");
  auto rows = save();
  ASSERT_TRUE(rows);
  auto exported = text;
  std::filesystem::remove(how.path);
  auto taken = import(exported);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(*taken, *rows);
  // Instants are kept by the calendar, to within what a clock drifts.
  auto kept = *open()->load();
  kept.sessions.at({7}).used = told.sessions.at({7}).used;
  EXPECT_EQ(kept, told);
  ASSERT_TRUE(save());
  EXPECT_EQ(text, exported);
}

TEST_F(Lines, AreNotImportedOverAJournal) {
  fill();
  ASSERT_TRUE(save());
  EXPECT_EQ(import(text).error().code, errc::invalid_argument);
}

TEST_F(Lines, AreRefusedAsAWhole) {
  std::string head = "{\"journal\":\"berth\",\"version\":1}\n";
  for (const std::string& x :
       {std::string{}, std::string{"{}\n"}, std::string{"what?\n"},
        head + "{\"table\":\"lease; --\",\"row\":{\"id\":1}}\n",
        head + "{\"table\":\"nothing\",\"row\":{\"id\":1}}\n",
        head + "{\"table\":\"lease\",\"row\":{\"colour\":\"red\"}}\n",
        head + "{\"table\":\"lease\",\"row\":{\"id\":[]}}\n",
        head
          + "{\"table\":\"client\",\"row\":{\"id\":5,\"name\":\"a\"}}\n{\n"}) {
    auto refused = import(x);
    ASSERT_FALSE(refused) << x;
    EXPECT_FALSE(std::filesystem::exists(how.path)) << x;
    EXPECT_TRUE(std::filesystem::is_empty(dir)) << x;
  }
  EXPECT_EQ(import("{\"journal\":\"berth\",\"version\":99}\n").error().code,
            errc::journal_newer);
}

TEST_F(Lines, AreNotReadIfTheyAreNestedTooDeeply) {
  std::string deep(200'000, '[');
  auto row = R"({"table":"lease","row":{"id":)" + deep
             + std::string(deep.size(), ']') + "}}\n";
  auto refused = import("{\"journal\":\"berth\",\"version\":1}\n" + row);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(how.path));
}

TEST_F(Lines, AreNotReadWithoutEnd) {
  std::ifstream zeros{"/dev/zero"};
  auto refused = import_lines(how.path, zeros, 1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what,
            "Line 1 is not of a journal: it is longer than 1000 bytes. Nothing "
            "was imported.");
  EXPECT_FALSE(std::filesystem::exists(how.path));
}

TEST_F(Lines, AreNotImportedInPart) {
  std::ifstream directory{dir};
  auto refused = import_lines(how.path, directory);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what,
            "It cannot be read beyond line 0. Nothing was imported.");
  EXPECT_TRUE(std::filesystem::is_empty(dir));
}

TEST_F(Lines, SaveWhatCanBeReadOfADamagedFile) {
  {
    auto file = open();
    ASSERT_TRUE(file->begin_epoch(0, {}));
    for (uint64_t i = 1; i <= 300; ++i)
      ASSERT_TRUE(file->append(1, {granted(i), granted(i), granted(i)}));
  }
  ASSERT_TRUE(save());
  auto whole = text.size();
  tear(std::filesystem::file_size(how.path) / 2 / 4096 * 4096);
  auto rows = save();
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, errc::journal_damaged);
  EXPECT_LT(text.size(), whole);
  std::filesystem::remove(how.path);
  EXPECT_TRUE(import(text)); // It serves again.
}

using Inspection = Lines;

TEST_F(Inspection, CountsWhatThereIs) {
  fill();
  auto found = inspect_file(how.path);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->complaints.empty());
  EXPECT_EQ(found->version, journal_version());
  EXPECT_EQ(found->epoch, 1u);
  EXPECT_EQ(found->events, 4u);
  EXPECT_EQ(found->leases, 1u);
  EXPECT_EQ(found->sessions, 1u);
  EXPECT_EQ(found->runs, 1u);
}

TEST_F(Inspection, TellsWhatIsWrongAndLeavesItSo) {
  fill();
  auto size = std::filesystem::file_size(how.path);
  tear(size / 2 / 4096 * 4096);
  auto found = inspect_file(how.path);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->complaints.empty());
  EXPECT_EQ(std::filesystem::file_size(how.path), size);
}

TEST_F(Inspection, FindsARunWithoutItsSession) {
  fill();
  ASSERT_TRUE(
    database::open(how.path, access::write)->execute("DELETE FROM session"));
  EXPECT_FALSE(inspect_file(how.path)->complaints.empty());
  EXPECT_EQ(refusal().code, errc::journal_damaged);
}

TEST_F(Inspection, FailsWhereThereIsNoFile) {
  EXPECT_EQ(inspect_file(dir + "/none.db").error().code, errc::journal_failed);
}

} // namespace berth::tests

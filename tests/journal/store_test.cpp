#include "protocol/journal_schema.hpp"

#include "journal/file.hpp"
#include "journal/store.hpp"
#include "tests/journal/scratch.hpp"

#include <algorithm>
#include <chrono>

namespace berth::tests {

namespace {

struct Store : scratch {
  std::string schema() {
    auto file = database::open(how.path, access::read);
    std::string result;
    auto query = file->prepare("SELECT sql FROM sqlite_schema ORDER BY name");
    EXPECT_TRUE(query->each([&](const cells& row) {
      result += std::get<std::string>(row[0]) + "\n";
      return outcome<void>{};
    }));
    return result;
  }

  int64_t count(const std::string& what) {
    return *database::open(how.path, access::read)->number(what);
  }
};

} // namespace

TEST_F(Store, IsEmptyWhenItIsNew) {
  EXPECT_EQ(*open()->load(), journal_state{});
}

TEST_F(Store, IsReadByNobodyElse) {
  using std::filesystem::perms;
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  for (auto suffix : {"", "-wal", "-shm"})
    EXPECT_EQ(std::filesystem::status(how.path + suffix).permissions(),
              perms::owner_read | perms::owner_write)
      << suffix;
}

TEST_F(Store, L2_SaysToTheNextDaemonWhatItWasTold) {
  journal_state told;
  {
    auto file = open();
    auto begun = file->begin_epoch(0, {});
    ASSERT_TRUE(begun);
    EXPECT_EQ(begun->epoch, 1u);
    ASSERT_TRUE(file->append(1, {granted(4), granted(5)}));
    told = *file->load();
    EXPECT_EQ(told.leases.size(), 2u);
    EXPECT_EQ(told.leases.at({4}).ttl, duration{1min});
  }
  EXPECT_EQ(*open()->load(), told);
}

TEST_F(Store, L2_TellsTheNextEpochWhatLivesOnAndMarksTheRestOver) {
  ASSERT_TRUE(open()->begin_epoch(0, {}));
  event opened;
  opened.kind = event_kind::session_opened;
  opened.session = {3};
  auto closed = opened;
  closed.kind = event_kind::session_closed;
  ASSERT_TRUE(open()->append(
    1,
    {granted(4), granted(5, lease_state::bound), {{}, {opened, closed}, {}}}));
  auto file = open();
  auto begun = file->begin_epoch(0, {});
  ASSERT_TRUE(begun);
  EXPECT_EQ(begun->epoch, 2u);
  EXPECT_EQ(begun->left.leases.size(), 1u);
  EXPECT_TRUE(begun->left.leases.contains({5}));
  EXPECT_EQ(begun->left.last_session, session_id{3});
  EXPECT_EQ(file->load()->leases, begun->left.leases);
  EXPECT_EQ(count("SELECT count(*) FROM audit WHERE kind = 'lease_ended' AND "
                  "detail = 'daemon_gone' AND epoch = 1"),
            1);
}

TEST_F(Store, L2_RecallsASessionThatIsOpen) {
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  event told;
  told.kind = event_kind::session_opened;
  told.session = {3};
  ASSERT_TRUE(file->append(1, {{{}, {told}, {}}}));
  ASSERT_TRUE(*file->recall({3}));
  EXPECT_EQ((*file->recall({3}))->id, session_id{3});
  EXPECT_FALSE(*file->recall({4}));
  told.kind = event_kind::session_closed;
  ASSERT_TRUE(file->append(1, {{{}, {told}, {}}}));
  EXPECT_FALSE(*file->recall({3}));
}

TEST_F(Store, NeverGoesBackToAnEpoch) {
  auto file = open();
  EXPECT_EQ(file->begin_epoch(41, {})->epoch, 42u);
  EXPECT_EQ(file->begin_epoch(7, {})->epoch, 43u);
}

TEST_F(Store, BeginsNoEpochForOneWhoMayNot) {
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  auto refused = file->begin_epoch(0, {}, [] {
    return false;
  });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::journal_fenced);
  EXPECT_TRUE(file->append(1, {granted(4)}));
}

TEST_F(Store, FencesWhoeverAppendsUnderAnEarlierEpoch) {
  auto mine = open(), other = open();
  ASSERT_TRUE(mine->begin_epoch(0, {}));
  ASSERT_TRUE(mine->append(1, {granted(4)}));
  ASSERT_TRUE(other->begin_epoch(0, {}));
  auto late = mine->append(1, {granted(5)});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, errc::journal_fenced);
  EXPECT_EQ(other->append(1, {granted(5)}).error().code, errc::journal_fenced);
  EXPECT_TRUE(other->append(2, {granted(6)}));
  EXPECT_EQ(other->load()->leases.size(), 1u);
}

TEST_F(Store, L2_WritesNothingIntoAFileThatIsNotThereAnyMore) {
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  ASSERT_TRUE(file->append(1, {granted(4)}));
  std::filesystem::rename(how.path, how.path + ".aside");
  auto lost = file->append(1, {granted(5)});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, errc::journal_failed);
  std::filesystem::rename(how.path + ".aside", how.path);
  EXPECT_TRUE(file->append(1, {granted(6)}));
  std::filesystem::remove(how.path);
  EXPECT_FALSE(file->append(1, {granted(7)}));
}

TEST_F(Store, L3_KeepsSoManyEventsAndNoMore) {
  how.limits.audit_max = 50;
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  for (uint64_t i = 0; i < 100; ++i)
    ASSERT_TRUE(file->append(1, {granted(7), granted(7)}));
  EXPECT_EQ(count("SELECT count(*) FROM audit"), 50);
  EXPECT_EQ(count("SELECT max(serial) FROM audit"), 200);
  EXPECT_EQ(file->load()->leases.size(), 1u);
}

/// By turns, so that both have the same of the machine.
TEST_F(Store, L3_IsAsFastAfterAPastAsWithoutOne) {
  auto empty = open();
  auto path = how.path;
  how.path += "-full";
  auto full = open();
  ASSERT_TRUE(empty->begin_epoch(0, {}));
  ASSERT_TRUE(full->begin_epoch(0, {}));
  std::vector<journal_entry> past;
  for (uint64_t i = 1; i <= 1000; ++i) {
    session_run over{{i}, {}};
    over.run.id = {1};
    over.run.what = {"Why?", {}, "", ""};
    auto entry = granted(i);
    event opened, closed;
    opened.kind = event_kind::session_opened;
    closed.kind = event_kind::session_closed;
    opened.session = closed.session = {i};
    entry.what.push_back(opened);
    entry.rows.emplace_back(over);
    past.push_back(entry);
    journal_entry end;
    end.what.push_back(closed);
    event released;
    released.kind = event_kind::lease_ended;
    released.lease = {i};
    end.what.push_back(released);
    past.push_back(end);
  }
  past.resize(past.size() + 4000, granted(5000));
  ASSERT_TRUE(full->append(1, past));
  using clock = std::chrono::steady_clock;
  std::vector<clock::duration> starts[2], writes[2], reads[2];
  for (uint64_t i = 0; i < 200; ++i)
    for (size_t which : {0, 1}) {
      auto& file = which == 0 ? empty : full;
      auto begin = clock::now();
      auto begun = file->begin_epoch(0, {});
      ASSERT_TRUE(begun);
      auto started = clock::now();
      ASSERT_TRUE(file->append(begun->epoch, {granted(5000)}));
      auto written = clock::now();
      ASSERT_TRUE(file->load());
      starts[which].push_back(started - begin);
      writes[which].push_back(written - started);
      reads[which].push_back(clock::now() - written);
    }
  auto p50 = [](auto& all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
  };
  EXPECT_LE(p50(starts[1]), 2 * p50(starts[0]));
  EXPECT_LE(p50(writes[1]), 2 * p50(writes[0]));
  EXPECT_LE(p50(reads[1]), 2 * p50(reads[0]));
  how.path = path;
}

TEST_F(Store, BringsEveryEarlierVersionUpToDate) {
  open();
  auto present = schema();
  for (size_t version = 0; version < journal_version(); ++version) {
    std::filesystem::remove(how.path);
    {
      auto file = database::open(how.path, access::write);
      if (version > 0) {
        ASSERT_TRUE(migrate(*file, 0, version));
      }
    }
    open();
    EXPECT_EQ(schema(), present) << "from version " << version;
  }
}

/// Whose they are without a name the harbour says: the first browser's.
TEST_F(Store, L2_KeepsTheLeasesOfAFileThatKnowsNoBrowsers) {
  {
    auto file = database::open(how.path, access::write);
    ASSERT_TRUE(migrate(*file, 0, 1));
    ASSERT_TRUE(file->execute(
      "INSERT INTO lease VALUES (4, 1, 1, 'web', 'client', 7, 2, 'shared', "
      "'bound', 'T4', 1, 60000000000, 0)"));
  }
  auto file = open();
  auto begun = file->begin_epoch(0, {});
  ASSERT_TRUE(begun);
  ASSERT_EQ(begun->left.leases.size(), 1u);
  auto kept = begun->left.leases.at({4});
  EXPECT_EQ(kept.target, target_id{"T4"});
  EXPECT_FALSE(kept.browser);
  kept.browser = {"work"};
  journal_entry entry;
  entry.rows.emplace_back(kept);
  ASSERT_TRUE(file->append(1, {entry}));
  EXPECT_EQ(open()->load()->leases.at({4}).browser, browser_name{"work"});
}

/// The machine has slept, or somebody has set its clock: what the next daemon
/// reads by its own clocks is what was meant.
TEST_F(Store, KeepsInstantsWhenTheWallClockIsSet) {
  calendar now{timestamp{5h}, 470000h};
  how.clock = [&now] {
    return now;
  };
  auto file = open();
  ASSERT_TRUE(file->begin_epoch(0, {}));
  session_row talk;
  talk.id = {3};
  talk.provider = "p";
  talk.used = now.here;
  event opened;
  opened.kind = event_kind::session_opened;
  opened.session = talk.id;
  ASSERT_TRUE(file->append(1, {{now.here, {opened}, {talk}}}));
  for (auto step : {duration{3h}, duration{-9000h}, duration{1s}}) {
    now = {now.here + 1min, now.since_1970 + 1min + step};
    ASSERT_TRUE(file->append(1, {granted(7)}));
    calendar next{timestamp{1min}, now.since_1970};
    auto theirs = how;
    theirs.clock = [&next] {
      return next;
    };
    auto read = (*store::open(theirs))->load();
    ASSERT_TRUE(read);
    EXPECT_EQ(next.here - read->sessions.at({3}).used, now.here - talk.used);
  }
}

} // namespace berth::tests

// The recorder on a disk that waits, refuses, or is fenced off.

#include "actors/durable_recorder.hpp"
#include "actors/recorder.hpp"

#include "tests/support/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <filesystem>

namespace berth::tests {

namespace {

using namespace actors;
using namespace std::chrono_literals;

/// A disk in the test's hand.
struct disk {
  bool slow = false; ///< Commits wait until it is fast again.
  std::optional<failure> trouble;
  size_t tried = 0;      ///< Commits, also in vain.
  size_t room = 1 << 30; ///< Of a record's text; for more it is full.
  std::vector<std::vector<journal_entry>> commits;
  std::deque<std::pair<commit, caf::response_promise>> waiting;
};

void finish(disk& on, const commit& x, caf::response_promise& promise) {
  ++on.tried;
  if (on.trouble) {
    promise.deliver(to_error(*on.trouble));
    return;
  }
  for (const auto& entry : x.what)
    for (const auto& told : entry.what)
      if (told.detail.size() > on.room) {
        promise.deliver(to_error(fail(errc::journal_failed, "It is full.")));
        return;
      }
  on.commits.push_back(x.what);
  promise.deliver(caf::unit);
}

using held_writer = journal_writer_actor::extend<caf::reacts_to<wake_atom>>;

held_writer::behavior_type
fake_writer(held_writer::pointer self, const std::shared_ptr<disk>& on) {
  return {
    [=](const commit& x) -> caf::result<void> {
      auto promise = self->make_response_promise();
      if (on->slow)
        on->waiting.emplace_back(x, promise);
      else
        finish(*on, x, promise);
      return promise;
    },
    [=](wake_atom) {
      for (auto& [x, promise] : std::exchange(on->waiting, {}))
        finish(*on, x, promise);
    },
  };
}

struct DurableRecorder : testing::Test {
  world it;
  std::shared_ptr<disk> under = std::make_shared<disk>();
  recorder_actor memory = it.spawn(recorder, size_t{100});
  held_writer writer = it.spawn(fake_writer, under);
  recorder_actor journal
    = it.spawn(durable_recorder, durable_start{memory, writer});

  static event made(const std::string& detail, event_kind kind
                                               = event_kind::run_progressed) {
    event result;
    result.kind = kind;
    result.detail = detail;
    return result;
  }

  asked<nothing> ask(const std::string& detail) {
    auto result = it.ask<nothing>(journal, record{{made(detail)}});
    it.settle();
    return result;
  }

  void tell(const std::string& detail) {
    caf::anon_send(journal, record{{made(detail)}});
    it.settle();
  }

  void hurry() {
    under->slow = false;
    caf::anon_send(writer, wake_atom_v);
    it.settle();
  }

  /// What watchers could have heard.
  std::vector<std::string> heard() {
    auto recent = it.ask<events>(memory, get_recent{});
    it.settle();
    std::vector<std::string> result;
    for (auto& x : *recent->value)
      result.push_back(x.detail);
    return result;
  }

  bool lives() {
    return !it.find("durable_recorder").empty();
  }
};

using words = std::vector<std::string>;

} // namespace

TEST_F(DurableRecorder, L2_AnswersOnceItIsDurableAndThenTells) {
  under->slow = true;
  auto asked = ask("a");
  EXPECT_TRUE(asked->pending());
  EXPECT_EQ(heard(), words{});
  hurry();
  EXPECT_TRUE(asked->value);
  EXPECT_EQ(heard(), words{"a"});
}

TEST_F(DurableRecorder, CommitsWhatCameMeanwhileAtOnce) {
  under->slow = true;
  auto first = ask("a");
  std::vector<asked<nothing>> rest{ask("b"), ask("c"), ask("d")};
  tell("e");
  hurry();
  ASSERT_EQ(under->commits.size(), 2u);
  EXPECT_EQ(under->commits[1].size(), 4u);
  for (auto& x : rest)
    EXPECT_TRUE(x->value);
  EXPECT_EQ(heard().size(), 5u);
}

TEST_F(DurableRecorder, RefusesWhatIsWaitedForAndKeepsWhatHasHappened) {
  under->slow = true;
  auto asked = ask("wish");
  tell("fact");
  under->trouble = fail(errc::journal_failed, "It is full.");
  hurry();
  ASSERT_TRUE(asked->why);
  EXPECT_EQ(asked->why->what, "It is full.");
  auto soon = ask("another wish");
  ASSERT_TRUE(soon->why); // At once: nothing was tried.
  EXPECT_EQ(soon->why->code, errc::journal_failed);
  EXPECT_GT(soon->why->retry_after, duration{});
  tell("another fact");
  it.advance(5s); // It tries again, in vain.
  EXPECT_TRUE(under->commits.empty());
  EXPECT_EQ(heard(), words{});
  under->trouble.reset();
  it.advance(1s);
  EXPECT_EQ(heard(), (words{"fact", "another fact"}));
  EXPECT_TRUE(ask("wish")->value);
}

/// A large one is no reason to refuse what makes room.
TEST_F(DurableRecorder, RefusesOnlyWhatFindsNoRoom) {
  under->room = 1000;
  under->slow = true;
  auto first = ask("first");
  std::string large(1500, 'x');
  auto too_large = ask(large), small = ask("small");
  tell("fact");
  hurry();
  EXPECT_TRUE(first->value && small->value);
  ASSERT_TRUE(too_large->why);
  EXPECT_EQ(too_large->why->what, "It is full.");
  EXPECT_EQ(heard(), (words{"first", "small", "fact"}));
  // While the large one is tried again and again.
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(ask(large)->why);
    EXPECT_TRUE(ask("small")->value);
    it.advance(300ms);
  }
  under->room = 1 << 30;
  it.advance(1s);
  EXPECT_TRUE(ask(large)->value);
}

/// A disk that fails for all may take its time for each.
TEST_F(DurableRecorder, TriesNothingThatIsAsLarge) {
  under->slow = true;
  auto first = ask("first");
  std::vector<asked<nothing>> rest;
  for (int i = 0; i < 20; ++i)
    rest.push_back(ask("wish"));
  under->trouble = fail(errc::journal_failed, "It is locked.");
  hurry();
  EXPECT_TRUE(first->why);
  for (auto& x : rest)
    EXPECT_TRUE(x->why);
  EXPECT_LE(under->tried, 4u); // The first, all others, and one of these.
}

/// What has happened keeps its place: a row must not come before its lease.
TEST_F(DurableRecorder, LetsNothingPassWhatHasHappened) {
  under->room = 1000;
  tell(std::string(1500, 'x'));
  EXPECT_TRUE(ask("small")->why);
  tell("fact");
  it.advance(5s);
  EXPECT_TRUE(under->commits.empty());
  under->room = 1 << 30;
  it.advance(1s);
  EXPECT_EQ(heard().size(), 2u);
}

TEST_F(DurableRecorder, TriesAgainWhenAskedAndNothingIsInLine) {
  under->trouble = fail(errc::journal_failed, "It is full.");
  EXPECT_TRUE(ask("a")->why);
  under->trouble.reset();
  it.advance(1s);
  EXPECT_TRUE(ask("b")->value);
}

TEST_F(DurableRecorder, EndsWhenAnotherEpochHasBegun) {
  under->trouble = fail(errc::journal_fenced, "Epoch 1 is over.");
  auto asked = ask("a");
  EXPECT_EQ(asked->why->code, errc::journal_fenced);
  EXPECT_FALSE(lives());
}

TEST_F(DurableRecorder, EndsRatherThanForgetWhatHasHappened) {
  under->trouble = fail(errc::journal_failed, "It is full.");
  tell("first");
  for (int i = 0; lives() && i < 10; ++i)
    caf::anon_send(journal, record{events(1000, made("more"))}), it.settle();
  EXPECT_FALSE(lives());
}

/// Clients that ask again and again while the disk is full bring nobody down.
TEST_F(DurableRecorder, LeavesOutNewsRatherThanEnd) {
  under->trouble = fail(errc::journal_failed, "It is full.");
  tell("fact");
  for (int i = 0; i < 20; ++i)
    caf::anon_send(
      journal, record{events(1000, made("news", event_kind::slot_granted))});
  it.settle();
  ASSERT_TRUE(lives());
  tell("another fact");
  under->trouble.reset();
  it.advance(1s);
  auto all = heard();
  EXPECT_EQ(std::ranges::count(all, "another fact"), 1);
  EXPECT_EQ(all.back(), "16000"); // How many news are missing.
}

/// Neither the file nor anybody who watches has more of it than it may cause.
TEST_F(DurableRecorder, CountsWhatANoisyPageCausesAndTellsIt) {
  auto alert = made("alert: hello", event_kind::dialog_answered);
  alert.lease = {7};
  for (int i = 0; i < 1000; ++i)
    caf::anon_send(journal, record{{alert}});
  it.settle();
  auto over = made("released", event_kind::lease_ended);
  over.lease = {7};
  caf::anon_send(journal, record{{over}});
  it.settle();
  event_rate::limits most;
  auto all = heard();
  ASSERT_EQ(all.size(), most.burst + 2);
  EXPECT_EQ(all[most.burst],
            std::to_string(1000 - most.burst) + " dialog_answered");
  EXPECT_EQ(all.back(), "released");
  size_t written = 0;
  for (auto& commit : under->commits)
    for (auto& entry : commit)
      written += entry.what.size();
  EXPECT_EQ(written, all.size());
}

/// The count goes its own way: it has happened, whatever is refused.
TEST_F(DurableRecorder, TellsACountThoughWhatBroughtItIsRefused) {
  auto alert = made("alert: hello", event_kind::dialog_answered);
  alert.lease = {7};
  for (int i = 0; i < 1000; ++i)
    caf::anon_send(journal, record{{alert}});
  it.settle();
  under->trouble = fail(errc::journal_failed, "It is full.");
  it.advance(event_rate::limits{}.tell_every - 500ms);
  EXPECT_TRUE(ask("a")->why); // For a second nothing more is tried.
  it.advance(600ms);
  EXPECT_TRUE(ask("b")->why); // The count is due, and not tried.
  it.advance(1s);
  EXPECT_TRUE(ask("c")->why); // Both are tried.
  under->trouble.reset();
  it.advance(2s);
  auto count
    = std::to_string(1000 - event_rate::limits{}.burst) + " dialog_answered";
  auto all = heard();
  EXPECT_EQ(std::ranges::count(all, count), 1);
}

TEST_F(DurableRecorder, WritesWhatIsInLineBeforeItEnds) {
  under->slow = true;
  auto first = ask("a");
  tell("b");
  caf::anon_send_exit(journal, caf::exit_reason::user_shutdown);
  it.settle();
  EXPECT_TRUE(lives());
  hurry();
  EXPECT_TRUE(first->value);
  EXPECT_EQ(under->commits.size(), 2u);
  EXPECT_FALSE(lives());
}

TEST_F(DurableRecorder, EndsWithTheActorsThatItStandsFor) {
  it.kill(memory);
  it.settle();
  EXPECT_FALSE(lives());
}

TEST_F(DurableRecorder, L2_WritesToAFileThatTheNextDaemonReads) {
  namespace fs = std::filesystem;
  auto dir = (fs::temp_directory_path() / "recorder-XXXXXX").string();
  ASSERT_TRUE(::mkdtemp(dir.data()));
  journal::store_options how;
  how.path = dir + "/journal.db";
  {
    auto file = *journal::store::open(how);
    ASSERT_TRUE(file->begin_epoch(0, it.now()));
    auto real = it.spawn(
      durable_recorder,
      durable_start{memory, it.spawn(journal_writer, file, uint64_t{1})});
    lease held;
    held.id = {4};
    held.ttl = 1min;
    record what{{*describe(lease_granted{held})}, {held}};
    auto asked = it.ask<nothing>(real, what);
    it.settle();
    EXPECT_TRUE(asked->value);
    ASSERT_TRUE(file->begin_epoch(0, it.now()));
    auto late = it.ask<nothing>(real, what);
    it.settle();
    ASSERT_TRUE(late->why);
    EXPECT_EQ(late->why->code, errc::journal_fenced);
  }
  auto next = *journal::store::open(how);
  EXPECT_EQ(next->load()->epoch, 2u);
  fs::remove_all(dir);
}

} // namespace berth::tests

// Guests and their daemon: what may happen to either, as the other sees it.

#include "tests/support/daemon.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace berth::tests {

namespace {

using namespace std::chrono_literals;

class Daemon : public testing::TestWithParam<uint64_t> {
protected:
  Daemon() {
    world_.advance(1s);
    guest_.join();
    world_.advance(1s);
  }

  asked<grant> acquire(holder_kind kind = holder_kind::client,
                       duration ttl = {}, duration grace = {}) {
    protocol::acquire what;
    what.key = {"web"};
    what.kind = kind;
    what.ttl = ttl;
    what.grace = grace;
    auto result = guest_.ask<grant>(what);
    world_.advance(2s);
    return result;
  }

  asked<answer> evaluate(const lease_credential& with) {
    auto result = guest_.ask<answer>(protocol::evaluate{{with, {}, {}}, "1"});
    world_.advance(2s);
    return result;
  }

  void kill(const char* name) {
    auto all = world_.find(name);
    ASSERT_EQ(all.size(), 1u);
    world_.kill(all.front());
    world_.advance(2s);
  }

  bool heard(event_kind kind) const {
    return std::ranges::any_of(guest_.heard(), [&](const event& x) {
      return x.kind == kind;
    });
  }

  world world_{GetParam()};
  daemon daemon_{world_, {}};
  guest guest_{daemon_.make_guest(1, "guest")};
};

TEST_P(Daemon, LosesNothingThatAStoppedGuestWillHear) {
  guest_.stop();
  acquire();
  EXPECT_FALSE(heard(event_kind::lease_bound));
  guest_.go_on();
  world_.advance(1s);
  EXPECT_TRUE(heard(event_kind::lease_bound));
}

TEST_P(Daemon, KeepsTheLeaseOfAGuestThatIsBackBeforeItWasMissed) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  guest_.go_half_open(10s);
  guest_.join();
  world_.advance(20s);
  EXPECT_TRUE(guest_.ask<duration>(renew_lease{got->value->lease, {}}));
  EXPECT_TRUE(evaluate(got->value->lease)->value);
}

/// What no clock can hold is refused like what takes too long.
TEST_P(Daemon, T4_RefusesATimeWithoutEnd) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  for (auto within : {duration{24h}, duration::max(), duration::max() / 2}) {
    auto result = guest_.ask<answer>(
      protocol::evaluate{{got->value->lease, {}, within}, "1"});
    world_.advance(1s);
    ASSERT_TRUE(result->why) << to_string(within);
    EXPECT_EQ(result->why->code, errc::invalid_argument) << result->why->what;
  }
  EXPECT_TRUE(evaluate(got->value->lease)->value);
  protocol::acquire endless;
  endless.key = {"web"};
  endless.wait = duration::max();
  auto waits = guest_.ask<grant>(endless);
  world_.advance(2s);
  EXPECT_TRUE(waits->value || waits->why);
}

TEST_P(Daemon, T1_HasAnotherDriveTheTabWhoseActorDied) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  kill("tab");
  EXPECT_FALSE(heard(event_kind::lease_ended));
  EXPECT_FALSE(guest_.is_cut());
  EXPECT_TRUE(evaluate(got->value->lease)->value);
  EXPECT_TRUE(acquire()->value);
  EXPECT_EQ(daemon_.chrome().pages().size(), 3u);
}

TEST_P(Daemon, EndsOnlyTheLeaseWhoseTabActorsDieAgainAndAgain) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  for (int i = 0; i < 4; ++i)
    kill("tab");
  EXPECT_TRUE(heard(event_kind::lease_ended));
  EXPECT_FALSE(guest_.is_cut());
  auto late = evaluate(got->value->lease);
  ASSERT_TRUE(late->why);
  EXPECT_EQ(late->why->code, errc::lease_gone);
  EXPECT_TRUE(acquire()->value);
  EXPECT_EQ(daemon_.chrome().pages().size(), 2u);
}

TEST_P(Daemon, L2_KeepsWhatAFallenCrewHadGranted) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  for (auto name : {"lease_registry", "admission", "browser", "reaper"}) {
    kill(name);
    EXPECT_TRUE(guest_.is_cut());
    world_.advance(10s);
    guest_.join();
    world_.advance(1s);
    auto still = evaluate(got->value->lease);
    ASSERT_TRUE(still->value) << name << ": " << still->why->what;
    EXPECT_EQ(still->value->target, got->value->target);
    EXPECT_EQ(daemon_.chrome().pages().size(), 2u);
  }
  EXPECT_EQ(daemon_.journal().epoch, 5u);
  EXPECT_TRUE(daemon_.journal().open);
}

/// A crew that fell told the next one all that it had promised.
TEST_P(Daemon, L2_KeepsWhereTheDownloadsOfALeaseGo) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  auto& lease = got->value->lease;
  const auto dir = std::filesystem::temp_directory_path()
                   / ("berth-" + std::to_string(::getpid()));
  auto keep = [&] {
    auto in = dir.string();
    auto result
      = guest_.ask<answer>(set_download_directory{{lease, {}, {}}, in});
    world_.advance(2s);
    return result;
  };
  // Where they go, or why they go nowhere: Chrome cancels each.
  auto fate = [&] {
    daemon_.chrome().begin_download(got->value->target);
    world_.advance(2s);
    auto& all = daemon_.journal().entries;
    auto last
      = std::ranges::find(all.rbegin(), all.rend(), event_kind::download_failed,
                          [](const logged_event& x) {
                            return x.what.kind;
                          });
    return last == all.rend() ? "" : last->what.detail;
  };
  constexpr auto refused = "no download directory was set for this lease";
  daemon_.journal().refusals = 1;
  EXPECT_EQ(keep()->why->code, errc::journal_failed);
  EXPECT_EQ(fate(), refused);
  ASSERT_TRUE(keep()->value);
  EXPECT_EQ(fate(), "canceled");
  kill("browser");
  world_.advance(10s);
  guest_.join();
  world_.advance(1s);
  ASSERT_TRUE(evaluate(lease)->value);
  EXPECT_EQ(fate(), "canceled");
  std::filesystem::remove(dir);
}

/// What was refused is not done, and what was done does not come back.
TEST_P(Daemon, L2_ReleasesNothingThatTheJournalDoesNotTake) {
  auto got = acquire(holder_kind::session); // As the command line does.
  ASSERT_TRUE(got->value);
  auto lease = got->value->lease;
  daemon_.journal().refusals = 1;
  auto refused = guest_.ask<nothing>(release_lease{lease});
  world_.advance(2s);
  ASSERT_TRUE(refused->why);
  EXPECT_EQ(refused->why->code, errc::journal_failed);
  EXPECT_TRUE(evaluate(lease)->value);
  auto done = guest_.ask<nothing>(release_lease{lease});
  auto twice = guest_.ask<nothing>(release_lease{lease});
  world_.advance(2s);
  EXPECT_TRUE(done->value);
  EXPECT_TRUE(twice->value || twice->why->code == errc::lease_gone);
  EXPECT_TRUE(daemon_.journal().state.leases.empty());
  auto ends
    = std::ranges::count(daemon_.journal().entries, event_kind::lease_ended,
                         [](const logged_event& x) {
                           return x.what.kind;
                         });
  EXPECT_EQ(ends, 1);
}

TEST_P(Daemon, L2_RevokesNothingThatTheJournalDoesNotTake) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  daemon_.journal().refusals = 1;
  auto refused = guest_.ask<nothing>(revoke_lease{got->value->lease.ref.lease});
  world_.advance(2s);
  ASSERT_TRUE(refused->why);
  EXPECT_EQ(refused->why->code, errc::journal_failed);
  EXPECT_TRUE(evaluate(got->value->lease)->value);
}

TEST_P(Daemon, L2_KeepsAnotherTtlForTheNextCrewOrRefusesIt) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  auto id = got->value->lease.ref.lease;
  daemon_.journal().refusals = 1;
  auto refused = guest_.ask<duration>(renew_lease{got->value->lease, 7min});
  world_.advance(1s);
  ASSERT_TRUE(refused->why);
  EXPECT_NE(daemon_.journal().state.leases.at(id).ttl, duration{7min});
  auto done = guest_.ask<duration>(renew_lease{got->value->lease, 7min});
  world_.advance(1s);
  EXPECT_EQ(done->value, duration{7min});
  EXPECT_EQ(daemon_.journal().state.leases.at(id).ttl, duration{7min});
}

/// Its holder goes while its end is on its way to the disk.
TEST_P(Daemon, L2_BringsNoLeaseBackThatWasReleased) {
  auto got = acquire(holder_kind::client, 1h, 1min);
  ASSERT_TRUE(got->value);
  daemon_.journal().slowness = 5s;
  guest_.ask<nothing>(release_lease{got->value->lease});
  world_.advance(1s);
  guest_.die();
  world_.advance(20s);
  EXPECT_TRUE(daemon_.journal().state.leases.empty());
  EXPECT_EQ(daemon_.chrome().pages().size(), 1u);
  EXPECT_EQ(std::ranges::count(daemon_.journal().entries,
                               event_kind::lease_ended,
                               [](const logged_event& x) {
                                 return x.what.kind;
                               }),
            1);
}

/// A tab that was made anew and cannot be written down is not the lease's.
TEST_P(Daemon, L2_RecoversNothingThatTheJournalDoesNotTake) {
  auto got = acquire();
  ASSERT_TRUE(got->value);
  auto& lease = got->value->lease;
  daemon_.chrome().crash(got->value->target);
  world_.advance(1s);
  auto recover = [&] {
    auto result = guest_.ask<answer>(recover_tab{{lease, {}, {}}});
    world_.advance(2s);
    return result;
  };
  daemon_.journal().refusals = 1;
  auto refused = recover();
  ASSERT_TRUE(refused->why);
  EXPECT_EQ(refused->why->code, errc::journal_failed) << refused->why->what;
  EXPECT_FALSE(heard(event_kind::lease_ended));
  auto lost = evaluate(lease);
  ASSERT_TRUE(lost->why);
  EXPECT_EQ(lost->why->code, errc::tab_lost) << lost->why->what;
  auto renewed = guest_.ask<duration>(renew_lease{lease, {}});
  world_.advance(1s);
  EXPECT_TRUE(renewed->value);
  auto back = recover();
  ASSERT_TRUE(back->value) << back->why->what;
  EXPECT_TRUE(evaluate(lease)->value);
  auto& row = daemon_.journal().state.leases.at(lease.ref.lease);
  EXPECT_EQ(row.target, back->value->target);
  EXPECT_EQ(row.generation, back->value->generation);
  EXPECT_EQ(daemon_.chrome().pages().size(), 2u);
}

/// Its holder comes back in time, whatever the disk does meanwhile.
TEST_P(Daemon, L2_EndsNoLeaseInItsGraceForAFullDisk) {
  auto got = acquire(holder_kind::client, 10min, 1min);
  ASSERT_TRUE(got->value);
  daemon_.journal().refusals = 1;
  guest_.lose_client();
  world_.advance(5s);
  daemon_.journal().refusals = 0;
  guest_.join();
  world_.advance(1s);
  EXPECT_FALSE(heard(event_kind::lease_ended));
  auto still = evaluate(got->value->lease);
  EXPECT_TRUE(still->value) << still->why->what;
}

/// However slow the disk is: what it said is true under the next crew, too.
TEST_P(Daemon, L2_AnswersAReleaseWhenItIsDurable) {
  auto got = acquire(holder_kind::session, 1h);
  ASSERT_TRUE(got->value);
  daemon_.journal().slowness = 40s;
  auto released = guest_.ask<nothing>(release_lease{got->value->lease});
  world_.advance(35s);
  EXPECT_FALSE(released->value || released->why);
  world_.advance(2min);
  EXPECT_TRUE(released->value);
  EXPECT_TRUE(daemon_.journal().state.leases.empty());
}

TEST_P(Daemon, L2_SaysThatATtlIsInForceWhenItIsDurable) {
  auto got = acquire(holder_kind::session, 1h);
  ASSERT_TRUE(got->value);
  daemon_.journal().slowness = 40s;
  auto renewed = guest_.ask<duration>(renew_lease{got->value->lease, 7min});
  world_.advance(35s);
  EXPECT_FALSE(renewed->value || renewed->why);
  world_.advance(2min);
  EXPECT_EQ(renewed->value, duration{7min});
  auto id = got->value->lease.ref.lease;
  ASSERT_TRUE(daemon_.journal().state.leases.contains(id));
  EXPECT_EQ(daemon_.journal().state.leases.at(id).ttl, duration{7min});
}

TEST_P(Daemon, EndsNoLeaseThatIsRenewedInTimeOnASlowDisk) {
  auto got = acquire(holder_kind::client, 20s);
  ASSERT_TRUE(got->value);
  daemon_.journal().slowness = 15s;
  world_.advance(10s);
  auto renewed = guest_.ask<duration>(renew_lease{got->value->lease, 7min});
  world_.advance(17s);
  EXPECT_EQ(renewed->value, duration{7min});
}

TEST_P(Daemon, AnswersWhoeverWaitsForCalmOrForItsEnd) {
  auto harbour
    = caf::actor_cast<actors::harbour_actor>(world_.find("harbour").front());
  auto first = world_.ask<nothing>(harbour, actors::await_calm{5s});
  auto second = world_.ask<nothing>(harbour, actors::await_calm{1s});
  world_.advance(10s);
  EXPECT_TRUE(first->value);
  EXPECT_TRUE(second->value);
  auto end = world_.ask<nothing>(harbour, actors::stop_harbour{true});
  auto again = world_.ask<nothing>(harbour, actors::stop_harbour{true});
  world_.advance(10s);
  EXPECT_TRUE(end->value);
  EXPECT_TRUE(again->value);
}

TEST_P(Daemon, ReplacesACrewOnceHoweverManyOfItDie) {
  for (auto name : {"reaper", "browser", "admission"})
    world_.kill(world_.find(name).front());
  world_.advance(30s);
  EXPECT_EQ(world_.find("lease_registry").size(), 1u);
  EXPECT_EQ(daemon_.journal().epoch, 2u);
}

TEST_P(Daemon, OutlivesABadStartOfChromeAfterAnAccident) {
  daemon_.chrome().refuse_starts(1);
  kill("lease_registry");
  world_.advance(20s);
  guest_.join();
  world_.advance(1s);
  EXPECT_TRUE(acquire()->value);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Daemon,
                         testing::Range(uint64_t{1}, uint64_t{9}));

} // namespace

} // namespace berth::tests

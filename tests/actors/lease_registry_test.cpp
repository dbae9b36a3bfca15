// The registry among its crew: what no story can bring about at will.

#include "actors/admission.hpp"
#include "actors/fleet.hpp"
#include "actors/lease_registry.hpp"
#include "actors/recorder.hpp"

#include "tests/support/fake_chrome.hpp"
#include "tests/support/fake_journal.hpp"
#include "tests/support/world.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace berth::tests {

namespace {

using namespace actors;
using namespace std::chrono_literals;

struct LeaseRegistry : testing::Test {
  world it;
  config how;
  fake_chrome chrome{it};
  recorder_actor journal = it.spawn(recorder, size_t{how.events_kept});
  fleet_actor hub = it.spawn(fleet, fleet_start{always(chrome.factory()),
                                                how,
                                                journal,
                                                {},
                                                roster{browsers_of(how), {}},
                                                {}});
  lease_registry_actor registry
    = it.spawn(lease_registry, registry_start{1, how, journal, hub});
  admission_actor doorman
    = it.spawn(admission, admission_start{how, journal, hub, registry,
                                          roster{browsers_of(how), {}}});

  /// A registry that writes to this disk, and what alice asked of it.
  std::pair<lease_registry_actor, asked<opened_lease>>
  acquire_with(const std::shared_ptr<journal_log>& disk) {
    auto slow = spawn_journal(it, journal, disk);
    auto writer = it.spawn(lease_registry, registry_start{1, how, slow, hub});
    auto porter
      = it.spawn(admission, admission_start{how, slow, hub, writer,
                                            roster{browsers_of(how), {}}});
    acquire what;
    what.by = client_id{1};
    what.key = {"web"};
    it.ask<std::vector<opened_lease>>(writer, join_client{{1}, "alice"});
    it.settle();
    return {writer, it.ask<opened_lease>(porter, what)};
  }
};

} // namespace

/// It had a slot already when it died, and no row yet.
TEST_F(LeaseRegistry, T4_ReturnsTheSlotOfAClientThatIsGone) {
  acquire what;
  what.by = client_id{1};
  what.key = {"web"};
  auto asked = it.ask<opened_lease>(doorman, what);
  it.settle();
  ASSERT_TRUE(asked->why);
  EXPECT_EQ(asked->why->code, errc::client_gone);
  auto queue = it.ask<queue_view>(doorman, get_queue{});
  it.settle();
  ASSERT_TRUE(queue->value);
  EXPECT_EQ(queue->value->active, 0u);
}

/// What is written of a lease while its new ttl is on its way to the disk must
/// not bring the old one back.
TEST_F(LeaseRegistry, L2_KeepsTheTtlThatItPromised) {
  auto disk = std::make_shared<journal_log>();
  auto [writer, asked] = acquire_with(disk);
  it.advance(1s);
  ASSERT_TRUE(asked->value);
  auto& lease = asked->value->lease;
  disk->slowness = 2s;
  auto renewed = it.ask<duration>(writer, renew_lease{lease.lease, 20min});
  it.settle();
  auto bound = it.ask<nothing>(
    writer, bind_lease{lease.lease.ref, target_id{"another"}, 2});
  it.advance(20s);
  ASSERT_TRUE(renewed->value);
  ASSERT_FALSE(bound->pending());
  auto kept = disk->state.leases.find(lease.lease.ref.lease);
  ASSERT_NE(kept, disk->state.leases.end());
  EXPECT_EQ(kept->second.ttl, 20min);
  EXPECT_EQ(kept->second.target, target_id{"another"});
}

/// A disk may take its time for the row, and again for the binding. Whoever
/// asked must not be told that it is too late while the lease is made.
TEST_F(LeaseRegistry, LeavesNoLeaseBehindAnAnswerThatCameTooEarly) {
  auto disk = std::make_shared<journal_log>();
  disk->slowness = 20s;
  auto [writer, asked] = acquire_with(disk);
  it.advance(2min);
  ASSERT_FALSE(asked->why) << asked->why->what;
  EXPECT_TRUE(asked->value);
}

} // namespace berth::tests

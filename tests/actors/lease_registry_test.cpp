// The registry among its crew: what no story can bring about at will.

#include "actors/admission.hpp"
#include "actors/fleet.hpp"
#include "actors/lease_registry.hpp"
#include "actors/recorder.hpp"

#include "tests/support/fake_chrome.hpp"
#include "tests/support/world.hpp"

#include <gtest/gtest.h>

namespace berth::tests {

namespace {

using namespace actors;

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
};

} // namespace

/// It had a slot already when it died, and no row yet.
TEST_F(LeaseRegistry, T4_ReturnsTheSlotOfAClientThatIsGone) {
  acquire what;
  what.client = {1};
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

} // namespace berth::tests

#include "actors/remote/held_leases.hpp"

#include <gtest/gtest.h>

namespace {

using namespace berth::protocol;
using namespace std::chrono_literals;
using berth::client::held_leases;

constexpr timestamp start{};

grant granted(uint64_t id, duration ttl) {
  grant result;
  result.lease = lease_ref{lease_id{id}, {1, id}};
  result.lease.proof.bytes[0] = static_cast<uint8_t>(id);
  result.expires_in = ttl;
  return result;
}

} // namespace

TEST(HeldLeases, AreDueAfterAThirdOfTheirTtl) {
  held_leases held;
  EXPECT_FALSE(held.next_renewal());
  held.hold(granted(1, 90s), start);
  held.hold(granted(2, 30s), start);
  EXPECT_EQ(held.next_renewal(), start + 10s);
  EXPECT_TRUE(held.take_due(start + 9s).empty());
  EXPECT_EQ(held.take_due(start + 10s).size(), 1u);
  EXPECT_EQ(held.take_due(start + 30s).size(), 2u);
}

TEST(HeldLeases, AreRenewedWithTheProofThatCameWithThem) {
  held_leases held;
  auto lease = granted(1, 30s);
  held.hold(lease, start);
  held.renewed(lease.lease.ref, 60s, start + 10s);
  EXPECT_EQ(held.take_due(start + 30s),
            std::vector<lease_credential>{lease.lease});
}

TEST(HeldLeases, AreNotDueTwiceWithinTheirInterval) {
  held_leases held;
  held.hold(granted(1, 30s), start);
  EXPECT_EQ(held.take_due(start + 10s).size(), 1u);
  EXPECT_TRUE(held.take_due(start + 10s).empty());
  EXPECT_EQ(held.next_renewal(), start + 20s);
}

TEST(HeldLeases, FollowTheTtlThatTheDaemonSays) {
  held_leases held;
  auto lease = granted(1, 30s);
  held.hold(lease, start);
  held.renewed(lease.lease.ref, 60s, start + 10s);
  EXPECT_EQ(held.next_renewal(), start + 30s);
}

TEST(HeldLeases, AreNotRenewedInABusyLoop) {
  held_leases held;
  held.hold(granted(1, 0s), start);
  EXPECT_EQ(held.next_renewal(), start + held_leases::interval_min);
}

TEST(HeldLeases, AreAllDueAfterALostConnection) {
  held_leases held;
  held.hold(granted(1, 90s), start);
  held.hold(granted(2, 30s), start);
  held.renew_all(start + 1s);
  EXPECT_EQ(held.take_due(start + 1s).size(), 2u);
}

TEST(HeldLeases, AreDroppedOnce) {
  held_leases held;
  auto lease = granted(1, 30s);
  held.hold(lease, start);
  EXPECT_TRUE(held.drop(lease.lease.ref));
  EXPECT_FALSE(held.drop(lease.lease.ref));
  held.renewed(lease.lease.ref, 30s, start);
  EXPECT_FALSE(held.next_renewal());
}

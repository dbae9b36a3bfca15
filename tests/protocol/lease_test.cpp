#include "protocol/lease.hpp"

#include <gtest/gtest.h>

using namespace berth::protocol;

/// These are on wires, in the journal and in scripts.
TEST(Lease, NamesItsHolderAndItsProfile) {
  EXPECT_STREQ(to_string(holder_kind::client), "client");
  EXPECT_STREQ(to_string(holder_kind::session), "session");
  EXPECT_STREQ(to_string(profile_kind::shared), "shared");
  EXPECT_STREQ(to_string(profile_kind::isolated), "isolated");
}

TEST(Lease, NamesItsState) {
  EXPECT_STREQ(to_string(lease_state::opening), "opening");
  EXPECT_STREQ(to_string(lease_state::bound), "bound");
  EXPECT_STREQ(to_string(lease_state::closing), "closing");
}

TEST(Lease, NamesTheReasonOfItsEnd) {
  EXPECT_STREQ(to_string(end_reason::released), "released");
  EXPECT_STREQ(to_string(end_reason::expired), "expired");
  EXPECT_STREQ(to_string(end_reason::client_gone), "client_gone");
  EXPECT_STREQ(to_string(end_reason::revoked), "revoked");
  EXPECT_STREQ(to_string(end_reason::not_opened), "not_opened");
  EXPECT_STREQ(to_string(end_reason::failed), "failed");
  EXPECT_STREQ(to_string(end_reason::daemon_gone), "daemon_gone");
}

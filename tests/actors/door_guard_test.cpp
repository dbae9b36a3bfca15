// Promise S3: who may come in at all.

#include "actors/door_guard.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace {

using namespace berth::actors;

door_rules rules_for(std::initializer_list<uint32_t> uids) {
  door_rules result;
  result.connections_max = 1;
  result.uids = uids;
  result.book = std::make_shared<peer_book>();
  return result;
}

} // namespace

TEST(DoorGuard, S3_LetsInTheUsersOfItsListAndNobodyElse) {
  door_guard guard{rules_for({0, 1000})};
  EXPECT_TRUE(guard.admit(0));
  EXPECT_TRUE(guard.admit(1000));
  for (uint32_t uid : {1u, 999u, 1001u, 65534u, 0xFFFFFFFFu})
    EXPECT_FALSE(guard.admit(uid)) << uid;
}

TEST(DoorGuard, S3_LetsNobodyInWithoutAList) {
  door_guard guard{rules_for({})};
  EXPECT_FALSE(guard.admit(0));
}

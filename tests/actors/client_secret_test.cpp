#include "actors/client_secret.hpp"
#include "protocol/session.hpp"

#include <gtest/gtest.h>

#include <set>

namespace berth::actors {

TEST(ClientSecret, MakesTheSameIdEachTime) {
  auto secret = make_secret();
  EXPECT_EQ(id_of(secret), id_of(secret));
}

/// An id is written down, and must mean the same to the next daemon.
TEST(ClientSecret, MakesTheIdThatItAlwaysMade) {
  EXPECT_EQ(id_of({1, 2}).value, 448536649399152507u);
}

TEST(ClientSecret, MakesIdsThatAreNobodyElses) {
  std::set<protocol::client_id> ids;
  for (uint64_t i = 0; i < 100; ++i)
    for (auto x : {client_secret{0, i}, client_secret{i + 1, 0}}) {
      auto id = id_of(x);
      EXPECT_TRUE(ids.insert(id).second);
      EXPECT_TRUE(id);
      EXPECT_FALSE(protocol::session_of(id)) << "Sessions' holders' ids.";
      EXPECT_NE(id.value, i);
    }
}

} // namespace berth::actors
